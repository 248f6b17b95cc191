import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Random } from '../../../electron/simulator/random';
import { build } from '../../support/build';
import { type HttpsClient, httpsClient } from '../../support/https-client';
import { temporaryFolder } from '../../support/paths';
import { type RunningSimulator, startSimulator } from '../../support/simulator';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const ROUNDS = 6;
const WRITERS = 8;

interface Written {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly data: { readonly write: string; readonly size: string; readonly text: string };
}

/** What is known of an object: what was acknowledged last, and what may have been written before the server died. */
interface Known {
  acknowledged: (Pick<Written, 'data'> & { resourceVersion: string | undefined }) | undefined;
  attempted: Written['data'] | 'deleted' | undefined;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let simulator: RunningSimulator | undefined;

beforeAll(() => build('simulate'));
beforeEach(async () => {
  folder = await temporaryFolder('crash');
});
afterEach(async () => {
  await simulator?.stop('SIGKILL');
  await folder.remove();
});

/** Everything about a store over all its lives. */
class History {
  readonly objects = new Map<string, Known>();
  readonly #random: Random;
  /** By version: what was written with it. */
  readonly #versions = new Map<number, string>();
  /** The newest version that anybody has been told of in an earlier life. */
  #floor = 0;
  #writes = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  known(name: string): Known {
    let known = this.objects.get(name);
    if (known === undefined) {
      known = { acknowledged: undefined, attempted: undefined };
      this.objects.set(name, known);
    }
    return known;
  }

  /** A version belongs to one write for ever, and later lives begin above all versions of earlier ones. */
  saw(version: string | undefined, write: string): void {
    const number = Number(version);
    expect(number).toBeGreaterThan(this.#floor);
    expect(this.#versions.get(number) ?? write).toBe(write);
    this.#versions.set(number, write);
  }

  died(): void {
    this.#floor = Math.max(this.#floor, ...this.#versions.keys());
  }

  /** Data of any size: within a page of the store, and over many. */
  data(): Written['data'] {
    const write = String(++this.#writes);
    const size = this.#random.pick([10, 500, 3000, 5000, 40_000]);
    return { write, size: String(size), text: `${write} `.repeat(size).slice(0, size) };
  }
}

/** One write of one object, which nobody else writes. */
async function write(client: HttpsClient, history: History, name: string, random: Random): Promise<void> {
  const known = history.known(name);
  const path = `${CONFIG_MAPS}/${name}`;
  if (known.acknowledged !== undefined && random.next() < 0.2) {
    known.attempted = 'deleted';
    const { status } = await client.send('DELETE', path);
    expect(status).toBe(200);
    known.acknowledged = undefined;
  } else {
    const data = history.data();
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
    known.attempted = data;
    const { status, body } =
      known.acknowledged === undefined
        ? await client.send('POST', CONFIG_MAPS, object)
        : await client.send('PUT', path, object);
    expect(status).toBe(known.acknowledged === undefined ? 201 : 200);
    const resourceVersion = body.metadata?.resourceVersion;
    history.saw(resourceVersion, data.write);
    known.acknowledged = { data, resourceVersion };
  }
  known.attempted = undefined;
}

/** Each object is as it was acknowledged, or as whoever was not answered any more wanted it; in both cases whole. */
function check(items: readonly Written[], history: History): void {
  const there = new Map(items.filter(({ data }) => data?.write).map((item) => [item.metadata.name, item]));
  for (const [name, known] of history.objects) {
    const { acknowledged, attempted } = known;
    const item = there.get(name);
    there.delete(name);
    const wanted = attempted === 'deleted' ? undefined : attempted;
    const isAttempted = attempted !== undefined && item?.data.write === wanted?.write;
    if (!isAttempted) expect(item?.metadata.resourceVersion, name).toBe(acknowledged?.resourceVersion);
    expect(item?.data, name).toEqual(isAttempted ? wanted : acknowledged?.data);
    known.acknowledged = item && { data: item.data, resourceVersion: item.metadata.resourceVersion };
    known.attempted = undefined;
  }
  expect([...there.keys()]).toEqual([]);
}

it('loses nothing that was acknowledged, tears nothing, uses no version twice whenever it is killed, and puts aside what is damaged', async () => {
  const random = new Random(11);
  const history = new History(random.fork());
  const options = { preset: 'empty', data: join(folder.path, 'data'), kubeconfig: join(folder.path, 'kubeconfig') };
  for (let round = 0; round <= ROUNDS; round++) {
    simulator = await startSimulator(options);
    const { kubeconfig, stop, log } = simulator;
    const client = httpsClient(kubeconfig);
    const { body } = await client.send('GET', CONFIG_MAPS);
    check((body.items ?? []) as Written[], history);
    expect(log()).not.toContain('damaged');
    if (round === ROUNDS) {
      client.close();
      break;
    }

    let left = random.integer(1, 150);
    let killed: Promise<unknown> | undefined;
    // Watchers hear of a write before it is acknowledged, and may hear of one that never is.
    const byWhatIsHeard = round % 2 === 1;
    const happened = () => {
      if (--left === 0) killed = stop('SIGKILL');
    };
    const watcher = httpsClient(kubeconfig);
    watcher.watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${body.metadata?.resourceVersion}`, ({ type, object }) => {
      const { data, metadata } = object as unknown as Written;
      history.saw(metadata.resourceVersion, type === 'DELETED' ? `deleted ${metadata.name}` : data.write);
      if (byWhatIsHeard) happened();
    });
    const writer = async (lane: number, chosen: Random) => {
      while (killed === undefined) {
        await write(client, history, `c-${lane}-${chosen.integer(0, 5)}`, chosen);
        if (!byWhatIsHeard) happened();
      }
    };
    const writers = Array.from({ length: WRITERS }, (_, lane) => writer(lane, random.fork()));
    const outcomes = await Promise.allSettled(writers);
    await killed;
    for (const outcome of outcomes) {
      // Who was not answered any more; all else is a fault.
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: expect.stringMatching(/^E/) });
    }
    history.died();
    client.close();
    watcher.close();
  }
  await simulator?.stop('SIGKILL');

  // What is left of a file that a disk has eaten.
  const file = join(options.data, 'objects', 'objects-v1.mdb');
  const { size } = statSync(file);
  truncateSync(file, size / 2);
  simulator = await startSimulator(options);
  const [aside = ''] = readdirSync(options.data).filter((name) => name.startsWith('objects.damaged-'));
  expect(statSync(join(options.data, aside, 'objects-v1.mdb')).size).toBe(Math.floor(size / 2));
  expect(simulator.log()).toContain(`it is kept in ${join(options.data, aside)}, and the cluster starts afresh`);
  const client = httpsClient(simulator.kubeconfig);
  const { body } = await client.send('GET', CONFIG_MAPS);
  check((body.items ?? []) as Written[], new History(random));
  client.close();
}, 60_000);
