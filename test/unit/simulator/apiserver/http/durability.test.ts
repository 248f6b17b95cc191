import { get, type RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryBackend } from '../../../../../electron/simulator/apiserver/storage/memory-backend';
import { clusterCertificates } from '../../../../../electron/simulator/certificates';
import { configMaps } from '../../../../../shared/kubernetes/resources';
import { type TestApiServer, testApiServer } from '../../../../support/api-server';

/** A disk that is done when it is told to be. */
class SlowDisk {
  readonly #waiting: { resolve(): void; reject(error: Error): void }[] = [];
  #asked = () => {};
  #isSlow = false;

  flushed(): Promise<void> {
    if (!this.#isSlow) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#asked();
    });
  }

  slow(): void {
    this.#isSlow = true;
  }

  /** Resolves once so many wait for it. */
  async awaitedBy(count: number): Promise<void> {
    while (this.#waiting.length < count) {
      await new Promise<void>((resolve) => {
        this.#asked = resolve;
      });
    }
  }

  done(): void {
    this.#isSlow = false;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  fail(): void {
    this.#isSlow = false;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the disk is full'));
  }
}

let disk: SlowDisk;
let api: TestApiServer;
let options: RequestOptions;

beforeEach(async () => {
  const certificates = await clusterCertificates(undefined);
  disk = new SlowDisk();
  api = testApiServer({ backend: { ...memoryBackend(), flushed: () => disk.flushed() } });
  const { key, certificate: cert } = certificates.server;
  const ca = certificates.ca.certificate;
  const { port } = await api.server.listen({ port: 0, host: '127.0.0.1', tls: { key, cert, ca } });
  options = { host: '127.0.0.1', port, ca, servername: 'localhost', agent: false };
});

afterEach(() => api.server.close());

function ask(path: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    get({ ...options, path }, async (answer) => {
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(piece);
      resolve({ status: answer.statusCode, body: Buffer.concat(pieces).toString() });
    }).on('error', reject);
  });
}

/** The lines of a watch, once it stands. */
function watch(path: string): Promise<AsyncIterator<string>> {
  return new Promise((resolve, reject) => {
    get({ ...options, path }, (answer) => {
      resolve(createInterface(answer)[Symbol.asyncIterator]());
    }).on('error', reject);
  });
}

const PATH = '/api/v1/namespaces/default/configmaps';
const one = { metadata: { name: 'one', namespace: 'default' }, data: { n: '1' } };

describe('what a crash could still take back', () => {
  it('is told to nobody, in answers, errors or events, until it no longer could', async () => {
    await api.client.create(configMaps, { metadata: { name: 'two', namespace: 'default' } });
    const events = await watch(`${PATH}?watch=true&resourceVersion=0`);
    expect((await events.next()).value).toContain('"two"');
    disk.slow();
    await api.client.create(configMaps, one);
    await api.client.delete(configMaps, 'default', 'two');
    let answered = 0;
    const count = <T>(answer: T): T => {
      answered++;
      return answer;
    };
    const answers = [ask(`${PATH}/one`), ask(`${PATH}/two`), ask(PATH)].map((each) => each.then(count));
    const event = events.next().then(count);
    await disk.awaitedBy(4);
    expect(answered).toBe(0);
    disk.done();
    const [read, missing, list] = await Promise.all(answers);
    expect(read?.status).toBe(200);
    expect(missing?.status).toBe(404);
    expect(JSON.parse(list?.body ?? '').items).toHaveLength(1);
    expect((await event).value).toContain('"ADDED"');
    expect((await events.next()).value).toContain('"DELETED"');
  });

  it('is told by a watch that ends before it ends', async () => {
    const events = await watch(`${PATH}?watch=true&timeoutSeconds=5`);
    disk.slow();
    await api.client.create(configMaps, one);
    await disk.awaitedBy(1);
    await api.client.patch(configMaps, 'default', 'one', 'merge', { data: { n: '2' } });
    await api.clock.advance(5_000);
    disk.done();
    expect((await events.next()).value).toContain('"ADDED"');
    expect((await events.next()).value).toContain('"MODIFIED"');
    expect((await events.next()).done).toBe(true);
  });

  it('is never told where it cannot be kept', async () => {
    const events = await watch(`${PATH}?watch=true`);
    disk.slow();
    await api.client.create(configMaps, one);
    const answer = ask(`${PATH}/one`);
    // The watch, the answer.
    await disk.awaitedBy(2);
    disk.fail();
    expect(await answer).toMatchObject({ status: 500, body: expect.not.stringContaining('"n"') });
    await expect(events.next()).rejects.toThrow('aborted');
  });
});
