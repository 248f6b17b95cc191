import { Agent, request } from 'node:https';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { messageOf } from '../../../shared/error-message';
import type { Target } from '../../conformance/player';
import { ours } from '../../conformance/targets';
import { randomRequest, type Sent } from '../../support/random-requests';

/**
 * One user, who may do everything in one namespace and nothing elsewhere, asks whatever can be asked: nothing of what is
 * elsewhere is in any answer, and nothing there is changed. What is kept from her has a word in it that she never says.
 */

const KEPT = 'kept-from-her-7d1c';
const HERS = 'hers';
const HIS = 'his';

let target: Target;
let stop: () => Promise<void>;
let agent: Agent;
/** Where lists of everything, and of what is elsewhere, have stopped: places that she has no business with. */
const places: string[] = [];

beforeAll(async () => {
  ({ target, stop } = await ours());
  agent = new Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: 1 });
  const labels = { [KEPT]: KEPT };
  for (const name of [HERS, HIS]) {
    await make('/api/v1/namespaces', { metadata: { name } });
    await make(`/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
  }
  for (const { path, ...body } of [...keptObjects(), ...rights()]) await make(path, body);
  for (const path of ['/api/v1/configmaps', `/api/v1/namespaces/${HIS}/configmaps`, '/api/v1/secrets']) {
    const { text } = await send({ method: 'GET', path: `${path}?limit=1`, headers: {}, body: undefined }, 'admin');
    const place = JSON.parse(text).metadata.continue;
    if (place !== undefined) places.push(place);
  }
  expect(places.length).toBeGreaterThan(1);

  function keptObjects() {
    const metadata = (name: string) => ({ name: `${KEPT}-${name}`, labels, annotations: labels });
    const his = `namespaces/${HIS}`;
    const containers = [{ name: 'a', image: KEPT }];
    const template = { metadata: { labels }, spec: { containers } };
    const main = ['a', 'b', 'c'].flatMap((name) => [
      { path: `/api/v1/${his}/configmaps`, metadata: metadata(name), data: { text: KEPT } },
      { path: `/api/v1/${his}/secrets`, metadata: metadata(name), stringData: { text: KEPT } },
      { path: `/api/v1/${his}/pods`, metadata: metadata(name), spec: { containers } },
      { path: '/api/v1/persistentvolumes', metadata: metadata(name), spec: volume() },
    ]);
    return [
      ...main,
      // These have names that she asks for.
      { path: `/api/v1/${his}/configmaps`, metadata: { name: 'a' }, data: { text: KEPT } },
      { path: `/api/v1/${his}/secrets`, metadata: { name: 'a' }, stringData: { text: KEPT } },
      { path: `/api/v1/${his}/pods`, metadata: { name: 'a', labels }, spec: { containers } },
      { path: `/api/v1/${his}/services`, metadata: { name: 'a', labels }, spec: { ports: [{ port: 80 }] } },
      { path: `/apis/apps/v1/${his}/deployments`, metadata: { name: 'a' }, spec: workload(template) },
      { path: `/apis/apps/v1/${his}/statefulsets`, metadata: { name: 'a' }, spec: workload(template) },
      { path: '/api/v1/nodes', metadata: { name: 'a', labels } },
      { path: '/api/v1/persistentvolumes', metadata: { name: 'a', labels }, spec: volume() },
      { path: '/apis/rbac.authorization.k8s.io/v1/clusterroles', metadata: { name: 'a', labels }, rules: [] },
      { path: '/apis/storage.k8s.io/v1/storageclasses', metadata: { name: 'a', labels }, provisioner: 'x.example.com' },
    ];

    function workload(of: object) {
      return { selector: { matchLabels: labels }, template: of, serviceName: 'a' };
    }
    function volume() {
      return { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: `/${KEPT}` } };
    }
  }

  function rights() {
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${HERS}`;
    const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
    const apiGroup = 'rbac.authorization.k8s.io';
    return [
      { path: `${path}/roles`, metadata: { name: 'everything' }, rules },
      {
        path: `${path}/rolebindings`,
        metadata: { name: 'alice' },
        subjects: [{ kind: 'User', name: 'alice', apiGroup }],
        roleRef: { kind: 'Role', name: 'everything', apiGroup },
      },
    ];
  }
});

afterAll(async () => {
  agent.destroy();
  await stop();
});

async function make(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { code, text } = await send({ method: 'POST', path, headers, body: JSON.stringify(body) }, 'admin');
  expect(code, `${path}: ${text}`).toBe(201);
}

function send(
  { method, path, headers, body }: Sent,
  as: string,
): Promise<{ code: number; text: string; headers: string }> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, ...target.identity(as) }, agent };
    const outgoing = request(`${target.url}${path}`, options, (response) => {
      let text = '';
      const told = JSON.stringify(response.headers);
      const answer = () => resolve({ code: response.statusCode ?? 0, text, headers: told });
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', answer).on('error', reject);
      // A watch tells all there is at once, and has no end.
      if (response.statusCode === 200 && /[?&](watch|follow)=|\/watch\//.test(path)) {
        setImmediate(() => setImmediate(() => response.destroy())).unref();
        response.on('close', answer);
      }
    });
    outgoing.setTimeout(10_000, () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject).end(body);
  });
}

/** Of requests as they come few are answered with objects; reads of what is there mostly are. */
function readOf({ path, headers }: Sent): Sent {
  const { accept = '*/*' } = headers;
  return { method: 'GET', path: path.replace(/\?.*/, ''), headers: { accept }, body: undefined };
}

/** Everything that she must not see, as it is. */
async function elsewhere(): Promise<string> {
  const texts: string[] = [];
  for (const path of [
    `/api/v1/namespaces/${HIS}/configmaps`,
    `/api/v1/namespaces/${HIS}/secrets`,
    `/api/v1/namespaces/${HIS}/pods`,
    `/api/v1/namespaces/${HIS}/services`,
    `/apis/apps/v1/namespaces/${HIS}/deployments`,
    `/apis/apps/v1/namespaces/${HIS}/statefulsets`,
    '/api/v1/nodes',
    '/api/v1/persistentvolumes',
    '/api/v1/namespaces',
  ]) {
    const { text } = await send({ method: 'GET', path, headers: {}, body: undefined }, 'admin');
    texts.push(JSON.stringify(JSON.parse(text).items));
  }
  return texts.join('\n');
}

it('tells nobody of what is not theirs, whatever they ask for and in whatever form', async () => {
  const before = await elsewhere();
  expect(before).toContain(KEPT);
  let granted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.gen(),
      fc.constantFrom(HERS, HERS, HIS, 'default'),
      fc.option(fc.constantFrom(...places), { freq: 10 }),
      fc.boolean(),
      async (draw, namespace, place, isRead) => {
        const { path, headers: all, ...rest } = isRead ? readOf(randomRequest(draw)) : randomRequest(draw);
        // She may not speak for anybody else: what comes of that is another test's.
        const { 'impersonate-user': _, ...headers } = all;
        const asked = path.replace('/namespaces/default', `/namespaces/${namespace}`);
        const continued =
          place === null ? '' : `${asked.includes('?') ? '&' : '?'}continue=${encodeURIComponent(place)}`;
        const sent: Sent = { ...rest, headers, path: `${asked}${continued}` };
        try {
          const { code, text, headers: told } = await send(sent, 'alice');
          if (code < 300) granted++;
          expect(`${told}${text}`).not.toContain(KEPT);
          expect(text).not.toContain(Buffer.from(KEPT).toString('base64').slice(0, 20));
        } catch (error) {
          throw new Error(`${JSON.stringify(sent)}: ${messageOf(error)}`, { cause: error });
        }
      },
    ),
    { seed: Number(process.env.FUZZ_SEED ?? 35), numRuns: Number(process.env.FUZZ_RUNS ?? 2000), endOnFailure: true },
  );
  // Or else nothing was tried.
  expect(granted).toBeGreaterThan(50);
  expect(await elsewhere()).toBe(before);
}, 120_000);
