import { Agent, request } from 'node:https';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Target } from '../../conformance/player';
import { ours } from '../../conformance/targets';

/**
 * What clients do and undo, thousands of times, each time by other names: what is left of it in memory is next to nothing. Each
 * scenario runs once so that what is bounded is full, and is measured the second time.
 */

let target: Target;
let stop: () => Promise<void>;
let agent: Agent;
let collect: () => void;

beforeAll(async () => {
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc');
  ({ target, stop } = await ours());
  agent = new Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: 8 });
  await send('POST', '/api/v1/namespaces', { metadata: { name: 'default' } });
});

afterAll(async () => {
  agent.destroy();
  await stop();
});

interface Said {
  readonly headers?: Readonly<Record<string, string>>;
  /** Hangs up when the answer begins. */
  readonly hangUp?: boolean;
}

function send(method: string, path: string, body?: object | string, { headers, hangUp }: Said = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const type = { 'content-type': 'application/json' };
    const options = { method, headers: { ...type, ...target.identity('admin'), ...headers }, agent };
    const outgoing = request(`${target.url}${path}`, options, (response) => {
      const code = response.statusCode ?? 0;
      if (hangUp === true) {
        response.destroy();
        response.on('close', () => resolve(code));
        return;
      }
      response.resume().on('end', () => resolve(code));
    });
    outgoing.on('error', reject).end(typeof body === 'object' ? JSON.stringify(body) : body);
  });
}

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

/** A kind with an object of it, and neither any more. */
async function customResource(index: number): Promise<void> {
  const group = `g${index}.example.com`;
  const properties = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`field${at}`, { type: 'string', default: `${index}`, maxLength: 10 }]),
  );
  const spec = { type: 'object', properties, 'x-kubernetes-validations': [{ rule: `self.field1 != 'x${index}'` }] };
  const definition = {
    metadata: { name: `things.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Thing', plural: 'things' },
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
  expect(await send('POST', CRDS, definition)).toBe(201);
  const objects = `/apis/${group}/v1/namespaces/default/things`;
  const apiVersion = `${group}/v1`;
  expect(await send('POST', objects, { apiVersion, kind: 'Thing', metadata: { name: 'a' }, spec: {} })).toBe(201);
  expect(await send('GET', `${objects}?labelSelector=a${index}`)).toBe(200);
  expect(await send('GET', `/openapi/v3/apis/${group}/v1`)).toBe(200);
  expect(await send('GET', `${objects}?watch=true`, undefined, { hangUp: true })).toBe(200);
  expect(await send('DELETE', `${objects}/a`)).toBe(200);
  expect(await send('DELETE', `${CRDS}/things.${group}`)).toBe(200);
}

/** Bytes that one more time may leave. What is remembered on purpose (of changes, ten thousand a resource) is among them. */
const scenarios: Readonly<Record<string, { times: number; bytes: number; once(index: number): Promise<unknown> }>> = {
  'kinds that come and go': { times: 100, bytes: 80_000, once: customResource },
  'watches that are given up': {
    times: 500,
    bytes: 3_000,
    once: (index) => send('GET', `${CONFIG_MAPS}?watch=true&labelSelector=app=a${index}`, undefined, { hangUp: true }),
  },
  'names, paths and selectors that nobody has heard of': {
    times: 1_000,
    bytes: 1_000,
    once: async (index) => {
      expect(await send('GET', `${CONFIG_MAPS}/nothing-${index}`)).toBe(404);
      expect(await send('GET', `/apis/nobody-${index}.example.com/v1/things/${index}`)).toBe(404);
      expect(await send('GET', `${CONFIG_MAPS}?labelSelector=a${index}%20in%20(b,c)&limit=1`)).toBe(200);
    },
  },
  'people that nobody knows': {
    times: 1_000,
    bytes: 1_000,
    once: async (index) => {
      const nobody = { authorization: `Bearer ${'x'.repeat(200)}-${index}` };
      expect(await send('GET', CONFIG_MAPS, undefined, { headers: nobody })).toBe(401);
      const other = { 'impersonate-user': `user-${index}`, 'impersonate-group': `group-${index}` };
      expect(await send('GET', CONFIG_MAPS, undefined, { headers: other })).toBe(403);
    },
  },
  'bodies that mean nothing, and objects that are refused': {
    times: 300,
    bytes: 5_000,
    once: async (index) => {
      expect(await send('POST', CONFIG_MAPS, `{"metadata": {"name": "${index}`)).toBe(400);
      expect(
        await send('POST', CONFIG_MAPS, { metadata: { name: `-${index}` }, data: { text: 'x'.repeat(1000) } }),
      ).toBe(422);
      const upload = send('POST', CONFIG_MAPS, { data: { text: 'x'.repeat(100_000) } }, { hangUp: true });
      expect([400, 422]).toContain(await upload);
    },
  },
  'objects that come and go': {
    times: 1_000,
    bytes: 6_000,
    once: async (index) => {
      const path = `${CONFIG_MAPS}/a-${index}`;
      const apply = { 'content-type': 'application/apply-patch+yaml' };
      const metadata = { name: `a-${index}` };
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: `${index}` } };
      expect(await send('PATCH', `${path}?fieldManager=m${index}`, object, { headers: apply })).toBe(201);
      expect(await send('DELETE', path)).toBe(200);
    },
  },
};

it.each(Object.entries(scenarios))(
  'nothing is left of %s',
  async (_, { times, bytes, once }) => {
    let index = 0;
    const run = async () => {
      for (const end = index + times; index < end; index++) await once(index);
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await run();
    const after = await run();
    expect((after - before) / times).toBeLessThan(bytes);
  },
  120_000,
);
