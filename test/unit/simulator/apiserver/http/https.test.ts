import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeProtobuf } from '../../../../../electron/simulator/apiserver/protobuf/decode';
import { clusterCertificates } from '../../../../../electron/simulator/certificates';
import type { KubeletApi } from '../../../../../electron/simulator/kubelet-api';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { configMaps, nodes, pods } from '../../../../../shared/kubernetes/resources';
import { admin, reachableNode, type TestApiServer, testApiServer } from '../../../../support/api-server';
import { idleKubelet } from '../../../../support/idle-kubelet';

interface Answer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** A kubelet whose every pod prints two lines, and whose every command reads its input back and fails with 3. */
const kubelet: KubeletApi = {
  ...idleKubelet,
  async *logs() {
    yield Buffer.from('one\n');
    yield Buffer.from('two\n');
  },
  async exec(_pod, _options, streams) {
    for await (const chunk of streams.stdin) await streams.stdout(chunk);
    return 3;
  },
  async attach(_pod, _options, streams) {
    for await (const chunk of streams.stdin) await streams.stdout(chunk);
  },
};

let api: TestApiServer;
let port: number;
let ca: string;

beforeEach(async () => {
  const certificates = await clusterCertificates(undefined);
  ca = certificates.ca.certificate;
  api = testApiServer({
    kubelets: () => kubelet,
    authenticator: {
      authenticate: async ({ headers }) => (headers.authorization === 'Bearer none' ? undefined : admin),
    },
    authorizer: { authorize: ({ user, verb }) => ({ allowed: user.name !== 'jane' || verb === 'get', reason: '' }) },
  });
  const { key, certificate: cert } = certificates.server;
  ({ port } = await api.server.listen({ port: 0, host: '127.0.0.1', tls: { key, cert, ca } }));
});

afterEach(() => api.server.close());

function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, path, port, host: '127.0.0.1', ca, headers, agent: false };
    const request = httpsRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
        const json = text.startsWith('{') && !text.includes('}\n{') ? JSON.parse(text) : {};
        resolve({ code: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
}

const COLLECTION = '/api/v1/namespaces/default/configmaps';
const PODS = '/api/v1/namespaces/default/pods';
const configMap = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

describe('objects over HTTPS', () => {
  it('go through create, get, patch and delete', async () => {
    const created = await ask('POST', COLLECTION, configMap('a', { x: '1' }));
    expect(created).toMatchObject({ code: 201, json: { kind: 'ConfigMap', metadata: { namespace: 'default' } } });
    expect(created.headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await ask('GET', `${COLLECTION}/a`)).json).toEqual(created.json);
    const patched = await ask(
      'PATCH',
      `${COLLECTION}/a`,
      { data: { x: null, y: '2' } },
      {
        'content-type': 'application/merge-patch+json',
      },
    );
    expect(patched).toMatchObject({ code: 200, json: { data: { y: '2' } } });
    expect(patched.json.data).toEqual({ y: '2' });
    const deleted = await ask('DELETE', `${COLLECTION}/a`);
    expect(deleted).toMatchObject({ code: 200, json: { kind: 'Status', status: 'Success', details: { name: 'a' } } });
    expect((await ask('GET', `${COLLECTION}/a`)).code).toBe(404);
  });

  it('come as YAML and go as YAML', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  on: "yes"\n';
    const answer = await ask('POST', COLLECTION, yaml, {
      'content-type': 'application/yaml',
      accept: 'application/yaml',
    });
    expect(answer.code).toBe(201);
    expect(answer.text).toContain('kind: ConfigMap\n');
    // YAML 1.1: it is no word, but the opposite of off.
    expect(answer.text).toContain('data:\n  "true": "yes"\n');
  });

  it('are refused in the real words', async () => {
    const cases: [Promise<Answer>, number, string | RegExp][] = [
      [ask('GET', '/api/v1/nothings'), 404, 'the server could not find the requested resource'],
      [ask('GET', `${COLLECTION}/x`), 404, 'configmaps "x" not found'],
      [ask('POST', COLLECTION, '{'), 400, /^the object provided is unrecognized \(must be of type ConfigMap\)/],
      [ask('POST', COLLECTION, configMap('a'), { 'content-type': 'text/plain' }), 415, /unknown format/],
      [ask('PATCH', `${COLLECTION}/a`, {}), 415, '415: Unsupported Media Type'],
      [
        ask('GET', COLLECTION, undefined, { accept: 'text/html' }),
        406,
        /^406: Not Acceptable\n\nAvailable representations: application\/json, /,
      ],
      [ask('POST', `${COLLECTION}/a`, configMap('a')), 405, /does not allow this method/],
      [
        ask('POST', COLLECTION, { ...configMap('a'), kind: 'Pod' }),
        400,
        /Pod in version "v1" cannot be handled as a ConfigMap/,
      ],
      [ask('POST', COLLECTION, 'x'.repeat(3 * 1024 * 1024 + 1)), 413, 'Request entity too large: limit is 3145728'],
      [
        ask('POST', `${COLLECTION}?fieldValidation=Strict`, { ...configMap('a'), foo: 1 }),
        400,
        /strict decoding error: unknown field "foo"/,
      ],
      [ask('POST', `${COLLECTION}?dryRun=Some`, configMap('a')), 422, /dryRun: Unsupported value: \["Some"\]/],
      [
        ask('GET', COLLECTION, undefined, { 'impersonate-user': 'jane' }),
        403,
        'configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "default"',
      ],
      [ask('GET', `${PODS}?fieldSelector=spec.foo=1`), 400, 'field label not supported: spec.foo'],
      [ask('GET', `${PODS}?labelSelector=a+in`), 400, /unable to parse requirement/],
      [ask('GET', `${PODS}?resourceVersion=99999`), 504, 'Timeout: Too large resource version: 99999, current: 1'],
      [
        ask('GET', `${PODS}?resourceVersionMatch=Exact`),
        422,
        /resourceVersionMatch is forbidden unless resourceVersion is provided/,
      ],
      [
        ask('GET', `${PODS}?watch=1&sendInitialEvents=true`),
        422,
        /sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/,
      ],
    ];
    for (const [answer, code, message] of cases) {
      const { json } = await answer;
      const text = typeof message === 'string' ? message : expect.stringMatching(message);
      expect(json).toMatchObject({ kind: 'Status', status: 'Failure', code, message: text });
    }
  });

  it('warn of fields that are not known', async () => {
    const { code, headers } = await ask('POST', COLLECTION, { ...configMap('a'), foo: 1 });
    expect(code).toBe(201);
    expect(headers.warning).toBe('299 - "unknown field \\"foo\\""');
  });

  it('may be patched by ten thousand operations, and by no more', async () => {
    await ask('POST', COLLECTION, configMap('a', { x: '1' }), { 'content-type': 'application/json' });
    const patch = (count: number) =>
      ask('PATCH', `${COLLECTION}/a`, Array(count).fill({ op: 'test', path: '/data/x', value: '1' }), {
        'content-type': 'application/json-patch+json',
      });
    expect((await patch(10_000)).code).toBe(200);
    expect(await patch(10_001)).toMatchObject({
      code: 413,
      json: {
        reason: 'RequestEntityTooLarge',
        message: expect.stringMatching('The allowed maximum operations in a JSON patch is 10000, got 10001'),
      },
    });
  });
});

describe('lists', () => {
  it('come in pages of one moment', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await ask('POST', COLLECTION, configMap(name));
    const first = await ask('GET', `${COLLECTION}?limit=2`);
    const metadata = first.json.metadata as { continue: string; remainingItemCount: number; resourceVersion: string };
    expect(metadata.remainingItemCount).toBe(2);
    await ask('DELETE', `${COLLECTION}/c`);
    await ask('POST', COLLECTION, configMap('cc'));
    const second = await ask('GET', `${COLLECTION}?limit=2&continue=${metadata.continue}`);
    expect((second.json.items as { metadata: { name: string } }[]).map((item) => item.metadata.name)).toEqual([
      'c',
      'd',
    ]);
    expect(second.json.metadata).toEqual({ resourceVersion: metadata.resourceVersion });
  });

  it('come as Tables and as metadata', async () => {
    await ask('POST', COLLECTION, configMap('a'));
    const table = await ask('GET', COLLECTION, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect(table.json).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name', priority: 0 }],
      rows: [{ cells: ['a'], object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } }],
    });
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const partial = await ask('GET', COLLECTION, undefined, { accept });
    expect(partial.json).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ metadata: { name: 'a' } }] });
    expect(partial.text).not.toContain('"data"');
  });

  it('are compressed when large', async () => {
    await ask('POST', COLLECTION, configMap('a', { x: 'x'.repeat(200_000) }));
    const answer = await ask('GET', COLLECTION, undefined, { 'accept-encoding': 'gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.text.length).toBeGreaterThan(200_000);
  });
});

/** Reads a watch until it has given `count` events. */
function watchFor(
  path: string,
  count: number,
  accept?: string,
  begun: () => void = () => {},
): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const headers = accept === undefined ? {} : { accept };
    const request = httpsRequest({ path, port, host: '127.0.0.1', ca, headers, agent: false }, (response) => {
      begun();
      let text = '';
      const events = () =>
        text
          .split('\n')
          .slice(0, -1)
          .map((line): Record<string, unknown> => JSON.parse(line));
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (events().length >= count) {
          resolve(events());
          request.destroy();
        }
      });
      response.on('end', () => resolve(events()));
    });
    request.on('error', reject);
    request.end();
  });
}

describe('watches', () => {
  it('send the present state and mark its end', async () => {
    await api.client.create(configMaps, { metadata: { name: 'a', namespace: 'default' } });
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = await watchFor(`${COLLECTION}?${query}`, 2);
    expect(events).toMatchObject([
      { type: 'ADDED', object: { metadata: { name: 'a' } } },
      {
        type: 'BOOKMARK',
        object: {
          kind: 'ConfigMap',
          metadata: { resourceVersion: '2', annotations: { 'k8s.io/initial-events-end': 'true' } },
        },
      },
    ]);
  });

  it('go on from a version, as Tables too', async () => {
    for (const name of ['a', 'b', 'c'])
      await api.client.create(configMaps, { metadata: { name, namespace: 'default' } });
    const events = await watchFor(`${COLLECTION}?watch=1&resourceVersion=2`, 2);
    expect(events).toMatchObject([{ object: { metadata: { name: 'b' } } }, { object: { metadata: { name: 'c' } } }]);
    const tables = await watchFor(
      `${COLLECTION}?watch=1&resourceVersion=2`,
      2,
      'application/json;as=Table;v=v1;g=meta.k8s.io',
    );
    expect(tables).toMatchObject([
      { object: { kind: 'Table', columnDefinitions: [{ name: 'Name' }], rows: [{ cells: ['b'] }] } },
      { object: { kind: 'Table', columnDefinitions: null, rows: [{ cells: ['c'] }] } },
    ]);
  });

  it('and lists say when a version is forgotten, and how to go on', async () => {
    for (const name of ['a', 'b']) await api.client.create(configMaps, { metadata: { name, namespace: 'default' } });
    const { json } = await ask('GET', `${COLLECTION}?limit=1`);
    const { continue: token } = json.metadata as { continue: string };
    for (let i = 0; i < 10_001; i++) {
      await api.client.patch(configMaps, 'default', 'a', 'merge', { data: { x: String(i) } });
    }
    expect(await watchFor(`${COLLECTION}?watch=1&resourceVersion=2`, 1)).toMatchObject([
      { type: 'ERROR', object: { code: 410, reason: 'Expired', message: 'too old resource version: 2 (4)' } },
    ]);
    const expired = await ask('GET', `${COLLECTION}?limit=1&continue=${token}`);
    expect(expired).toMatchObject({ code: 410, json: { reason: 'Expired' } });
    const { continue: inconsistent } = expired.json.metadata as { continue: string };
    const rest = await ask('GET', `${COLLECTION}?limit=1&continue=${inconsistent}`);
    expect(rest).toMatchObject({ code: 200, json: { items: [{ metadata: { name: 'b' } }] } });
  });

  it('end when their time is up, with a bookmark of where they are', async () => {
    const path = `${COLLECTION}?watch=1&resourceVersion=1&timeoutSeconds=5&allowWatchBookmarks=true`;
    let ended: Promise<unknown> | undefined;
    // Cluster time may move once the watch has begun.
    await new Promise<void>((begun) => {
      ended = watchFor(path, 9, undefined, begun);
    });
    await api.clock.advance(5000);
    expect(await ended).toMatchObject([{ type: 'BOOKMARK', object: { metadata: { resourceVersion: '1' } } }]);
  });
});

describe('watches over WebSocket', () => {
  it('tell an event a message, and end with their time', async () => {
    await ask('POST', COLLECTION, configMap('a'));
    const url = `wss://127.0.0.1:${port}${COLLECTION}?watch=1&timeoutSeconds=5`;
    const socket = new WebSocket(url, { ca });
    const first = await new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
    expect(JSON.parse(first)).toMatchObject({ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'a' } } });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await api.clock.advance(5000);
    await closed;
  });

  it('are refused as others are', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/api/v1/nothings?watch=1`, { ca });
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('404');
  });
});

describe('protobuf', () => {
  const protobuf = { accept: 'application/vnd.kubernetes.protobuf' };

  it('says what JSON says: objects, lists and errors', async () => {
    await ask('POST', COLLECTION, { ...configMap('a', { x: 'ü' }), binaryData: { b: 'AAEC' } });
    for (const path of [`${COLLECTION}/a`, COLLECTION, `${COLLECTION}/nothing`]) {
      const json = await ask('GET', path);
      const answer = await askBytes(path, protobuf);
      expect(answer.type).toBe('application/vnd.kubernetes.protobuf');
      const { metadata = {}, ...rest } = decodeProtobuf(answer.body) ?? {};
      expect({ metadata, ...rest }).toEqual(json.json);
    }
  });

  it('frames the events of a watch by their length', async () => {
    await ask('POST', COLLECTION, configMap('a'));
    const pending = askBytes(`${COLLECTION}?watch=1&timeoutSeconds=1`, protobuf, () => void api.clock.advance(1000));
    const { type, body } = await pending;
    expect(type).toBe('application/vnd.kubernetes.protobuf;stream=watch');
    const event = body.subarray(4, 4 + body.readUInt32BE());
    expect(event.subarray(2, 7).toString()).toBe('ADDED');
    expect(decodeProtobuf(event.subarray(event.indexOf('k8s\0')))).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'a' },
    });
  });
});

/** @param begun called once there is something to read. */
function askBytes(path: string, headers: Record<string, string>, begun = () => {}) {
  return new Promise<{ type: string | undefined; body: Buffer }>((resolve, reject) => {
    const request = httpsRequest({ path, port, host: '127.0.0.1', ca, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.once('data', begun);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ type: response.headers['content-type'], body: Buffer.concat(chunks) }));
    });
    request.on('error', reject).end();
  });
}

describe('streams', () => {
  beforeEach(async () => {
    await api.client.create(nodes, reachableNode('n'));
    await api.client.create(pods, {
      metadata: { name: 'p', namespace: 'default' },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'nginx' }] },
    });
  });

  it('give a container’s log', async () => {
    expect((await ask('GET', `${PODS}/p/log?container=c`)).text).toBe('one\ntwo\n');
    const wrong = await ask('GET', `${PODS}/p/log?container=x`);
    expect(wrong).toMatchObject({ code: 400, json: { message: 'container x is not valid for pod p' } });
  });

  it.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('run a command over %s', async (protocol) => {
    const url = `wss://127.0.0.1:${port}${PODS}/p/exec?command=cat&stdin=1&stdout=1`;
    const socket = new WebSocket(url, [protocol], { ca });
    const messages: [number, string][] = [];
    socket.on('message', (data: Buffer) => {
      messages.push([data[0] ?? -1, data.subarray(1).toString()]);
      // v4 cannot close its input: the command ends with the connection.
      if (data[0] === 1 && data.length > 1 && protocol.startsWith('v4')) socket.close();
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(Buffer.from('\0hello'));
    if (protocol.startsWith('v5')) socket.send(Buffer.from([255, 0]));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(socket.protocol).toBe(protocol);
    // The first says that the connection stands.
    expect(messages.splice(0, 2)).toEqual([
      [1, ''],
      [1, 'hello'],
    ]);
    if (protocol.startsWith('v5')) {
      expect(messages[0]?.[0]).toBe(3);
      expect(JSON.parse(messages[0]?.[1] ?? '')).toMatchObject({
        status: 'Failure',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: '3' }] },
      });
    }
  });

  it('end with the server', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}${PODS}/p/exec?command=cat&stdin=1`, ['v5.channel.k8s.io'], {
      ca,
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const other = testApiServer();
    await api.server.close();
    await closed;
    // What is closed after each test is to be open.
    api = other;
  });

  it('refuse to run where that is not allowed', async () => {
    const headers = { 'impersonate-user': 'jane' };
    const socket = new WebSocket(`wss://127.0.0.1:${port}${PODS}/p/exec?command=sh&stdout=1`, ['v5.channel.k8s.io'], {
      ca,
      headers,
    });
    const code = await new Promise((resolve) => {
      socket.on('error', () => {});
      socket.on('unexpected-response', (request, response) => {
        resolve(response.statusCode);
        request.destroy();
      });
    });
    expect(code).toBe(403);
  });
});

describe('discovery', () => {
  it('tells all at once, and only once', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const all = await ask('GET', '/api', undefined, { accept });
    expect(all.headers['content-type']).toContain('as=APIGroupDiscoveryList');
    const { items } = all.json as {
      items: { versions: { resources: { resource: string; shortNames?: string[] }[] }[] }[];
    };
    const resources = items[0]?.versions[0]?.resources.map(({ resource, shortNames = [] }) => [
      resource,
      ...shortNames,
    ]);
    expect(resources).toEqual([
      ['bindings'],
      ['configmaps', 'cm'],
      ['namespaces', 'ns'],
      ['nodes', 'no'],
      ['pods', 'po'],
    ]);
    const again = await ask('GET', '/api', undefined, { accept, 'if-none-match': String(all.headers.etag) });
    expect(again).toMatchObject({ code: 304, text: '' });
  });

  it('names its schemas by their hash, which clients may keep', async () => {
    const { json } = await ask('GET', '/openapi/v3');
    const { paths } = json as { paths: Record<string, { serverRelativeURL: string }> };
    const url = paths['api/v1']?.serverRelativeURL ?? '';
    const named = await ask('GET', url);
    expect(named.headers['cache-control']).toBe('public, immutable');
    expect(Date.parse(named.headers.expires ?? '')).toBeGreaterThan(Date.now() + 300 * 24 * 3600 * 1000);
    expect((await ask('GET', '/openapi/v3/api/v1')).headers['cache-control']).toBe('no-cache, private');
    const old = await ask('GET', '/openapi/v3/api/v1?hash=OLD');
    expect(old).toMatchObject({ code: 301, headers: { location: url } });
  });

  it('tells group by group', async () => {
    expect((await ask('GET', '/apis')).json).toMatchObject({ groups: [{ name: 'apps' }] });
    expect((await ask('GET', '/apis/apps/v1')).json).toMatchObject({
      resources: [
        { name: 'deployments' },
        { name: 'deployments/scale', kind: 'Scale' },
        { name: 'deployments/status' },
      ],
    });
    expect((await ask('GET', '/version')).json).toMatchObject({ major: '1', minor: '35' });
    expect((await ask('GET', '/metrics')).text).toContain('apiserver_resource_objects{group="",resource="pods"} 0');
    expect((await ask('GET', '/readyz?verbose')).text).toContain('[+]ping ok\n');
  });
});

describe('field managers', () => {
  const path = `${COLLECTION}/a`;
  const wanted = (data: Record<string, string>, metadata: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', ...metadata },
    data,
  });
  const apply = (query: string, body: unknown, to = path) =>
    ask('PATCH', `${to}?${query}`, body, { 'content-type': 'application/apply-patch+yaml' });
  const managers = ({ json }: Answer) =>
    ((json.metadata as KubeObject['metadata']).managedFields ?? []).map(
      ({ manager, operation, subresource }) => `${manager} ${operation} ${subresource ?? ''}`,
    );

  it('are asked for their name, and only appliers may force', async () => {
    const unnamed = await apply('', wanted({}));
    expect(unnamed.json).toMatchObject({
      code: 422,
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    });
    const type = { 'content-type': 'application/merge-patch+json' };
    expect((await ask('PATCH', `${path}?force=true`, {}, type)).json).toMatchObject({
      code: 422,
      message: 'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    });
    const long = await ask('POST', `${COLLECTION}?fieldManager=${'x'.repeat(129)}`, wanted({}));
    expect(long.json).toMatchObject({
      message: 'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    });
  });

  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  };

  it('create what they apply, and then change it', async () => {
    const created = await apply('fieldManager=me', wanted({ a: '1', b: '1' }));
    expect(created.code).toBe(201);
    expect(managers(created)).toEqual(['me Apply ']);
    const changed = await apply('fieldManager=me', wanted({ a: '2' }));
    expect(changed.code).toBe(200);
    expect(changed.json.data).toEqual({ a: '2' });
    const same = await apply('fieldManager=me', wanted({ a: '2' }));
    expect(same.text).toBe(changed.text);
  });

  it.each<[string, object, string]>([
    ['another name', wanted({}, { name: 'b' }), 'the name of the object (b) does not match the name on the URL (a)'],
    ['another kind', { ...wanted({}), kind: 'Secret' }, 'invalid object type: /v1, Kind=Secret'],
    ['managed fields', wanted({}, { managedFields: [] }), 'metadata.managedFields must be nil'],
  ])('may not apply %s', async (_, body, message) => {
    expect((await apply('fieldManager=me', body)).json).toMatchObject({ code: 400, message });
  });

  it('are known by their programs, and by what they write', async () => {
    await ask('POST', PODS, pod, { 'user-agent': 'maker/v1 (x)' });
    const status = { ...pod, status: { phase: 'Running' } };
    const written = await ask('PUT', `${PODS}/a/status`, status, { 'user-agent': 'kubelet/v1' });
    expect(managers(written)).toEqual(['kubelet Update status', 'maker Update ']);
    const conflict = await apply('fieldManager=me', { ...pod, status: { phase: 'Failed' } }, `${PODS}/a/status`);
    expect(conflict.json).toMatchObject({
      code: 409,
      message:
        'Apply failed with 1 conflict: conflict with "kubelet" with subresource "status" using v1: .status.phase',
    });
  });

  it('are shown with objects, lists and tables', async () => {
    await apply('fieldManager=me', wanted({ a: '1' }));
    const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const partial = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
    expect((await ask('GET', COLLECTION)).text).toContain('"managedFields":[{"manager":"me"');
    expect((await ask('GET', COLLECTION, undefined, partial)).text).toContain('"managedFields":[{"manager":"me"');
    expect((await ask('GET', COLLECTION, undefined, table)).text).toContain('managedFields');
  });

  it('can be forgotten, and edited, by who writes the list', async () => {
    await apply('fieldManager=me', wanted({ a: '1' }));
    const type = { 'content-type': 'application/json-patch+json', 'user-agent': 'editor' };
    const rename = [{ op: 'replace', path: '/metadata/managedFields/0/manager', value: 'you' }];
    expect(managers(await ask('PATCH', path, rename, type))).toEqual(['you Apply ']);
    const forget = [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }];
    expect(managers(await ask('PATCH', path, forget, type))).toEqual([]);
    expect(managers(await ask('PUT', path, wanted({ a: '2' })))).toEqual([]);
    expect(managers(await apply('fieldManager=me', wanted({ a: '2' })))).toEqual([
      'me Apply ',
      'before-first-apply Update ',
    ]);
  });
});
