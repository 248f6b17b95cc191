import { describe, expect, it } from 'vitest';
import type { AdmissionRequest } from '../../../../electron/simulator/apiserver/admission/plugin';
import type { WatchEvent } from '../../../../electron/simulator/client';
import type { ConfigMap, Pod } from '../../../../shared/kubernetes/objects';
import { configMaps, deployments, namespaces, pods } from '../../../../shared/kubernetes/resources';
import { testApiServer } from '../../../support/api-server';

const configMap = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>): ConfigMap => ({
  metadata: { name, namespace: 'default', ...(labels === undefined ? {} : { labels }) },
  data,
});

const pod = (name: string, nodeName?: string): Pod => ({
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...(nodeName === undefined ? {} : { nodeName }) },
});

function error(code: number, message?: string | RegExp) {
  return expect.objectContaining({
    code,
    ...(message === undefined
      ? {}
      : { message: typeof message === 'string' ? message : expect.stringMatching(message) }),
  });
}

describe('creating', () => {
  it('gives an object its identity, whatever the client says', async () => {
    const { client } = testApiServer();
    const created = await client.create(configMaps, {
      metadata: { name: 'a', namespace: 'default', uid: 'mine', generation: 7 },
    });
    expect(created.metadata.uid).toMatch(/^[0-9a-f]{8}-/);
    expect(created.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z');
    expect(created.metadata.resourceVersion).toBe('2');
    expect(created.metadata.generation).toBeUndefined();
    expect(created).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
  });

  it('refuses a name that is taken, malformed or missing', async () => {
    const { client } = testApiServer();
    await client.create(configMaps, configMap('a'));
    await expect(client.create(configMaps, configMap('a'))).rejects.toEqual(
      error(409, 'configmaps "a" already exists'),
    );
    await expect(client.create(configMaps, configMap('A'))).rejects.toEqual(
      error(422, /^ConfigMap "A" is invalid: metadata\.name: Invalid value: "A": a lowercase RFC 1123 subdomain/),
    );
    await expect(client.create(configMaps, { metadata: { namespace: 'default' } })).rejects.toEqual(
      error(422, 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required'),
    );
  });

  it('leaves out what is empty in the metadata, now and when it is emptied', async () => {
    const { client } = testApiServer();
    const created = await client.create(configMaps, configMap('a', {}, {}));
    expect(created.metadata).not.toHaveProperty('labels');
    const metadata = { ...created.metadata, finalizers: ['example.com/hold'], annotations: { a: '1' } };
    const held = await client.update(configMaps, { ...created, metadata });
    const emptied = { ...held.metadata, finalizers: [], annotations: {}, ownerReferences: [] };
    const released = await client.update(configMaps, { ...held, metadata: emptied });
    expect(Object.keys(released.metadata).sort()).toEqual(Object.keys(created.metadata).sort());
  });

  it('generates names from a prefix', async () => {
    const { client } = testApiServer();
    const created = await client.create(configMaps, { metadata: { generateName: 'job-', namespace: 'default' } });
    expect(created.metadata.name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('stores nothing in a dry run', async () => {
    const { client } = testApiServer();
    await client.create(configMaps, configMap('a'), { dryRun: true });
    await expect(client.get(configMaps, 'default', 'a')).rejects.toEqual(error(404, 'configmaps "a" not found'));
  });

  it('says what is wrong with each field', async () => {
    const { client } = testApiServer();
    const broken = { ...pod('p'), spec: { containers: [] } };
    await expect(client.create(pods, broken)).rejects.toMatchObject({
      status: {
        reason: 'Invalid',
        message: 'Pod "p" is invalid: spec.containers: Required value',
        details: { kind: 'Pod', name: 'p', causes: [{ reason: 'FieldValueRequired', field: 'spec.containers' }] },
      },
    });
  });
});

describe('updating', () => {
  it('refuses a version that is not the latest', async () => {
    const { client } = testApiServer();
    const first = await client.create(configMaps, configMap('a'));
    await client.update(configMaps, { ...first, data: { x: '1' } });
    await expect(client.update(configMaps, { ...first, data: { x: '2' } })).rejects.toEqual(
      error(
        409,
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      ),
    );
  });

  it('writes nothing when nothing changes', async () => {
    const { client } = testApiServer();
    const first = await client.create(configMaps, configMap('a', { x: '1' }));
    const again = await client.update(configMaps, configMap('a', { x: '1' }));
    expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('applies patches on top of each other', async () => {
    let enter = () => {};
    const both = new Promise<void>((resolve) => {
      let entered = 0;
      enter = () => {
        if (++entered === 2) resolve();
      };
    });
    // Neither patch gets through admission before both have read the same state.
    const gate = () => ({
      name: 'Gate',
      admit: ({ operation }: AdmissionRequest) => {
        if (operation !== 'UPDATE') return undefined;
        enter();
        return both;
      },
    });
    const { client } = testApiServer({ admission: [gate] });
    await client.create(configMaps, configMap('a', { x: '1' }));
    const patch = (data: Record<string, string>) => client.patch(configMaps, 'default', 'a', 'merge', { data });
    await Promise.all([patch({ y: '2' }), patch({ z: '3' })]);
    expect((await client.get(configMaps, 'default', 'a')).data).toEqual({ x: '1', y: '2', z: '3' });
  });

  it('keeps status and spec apart, and counts generations of the spec only', async () => {
    const { client } = testApiServer();
    const created = await client.create(deployments, {
      metadata: { name: 'd', namespace: 'default' },
      spec: { replicas: 1, selector: {}, template: {} },
    });
    expect(created.metadata.generation).toBe(1);
    const byStatus = await client.patch(
      deployments,
      'default',
      'd',
      'merge',
      { spec: { replicas: 9 }, status: { replicas: 1 } },
      { subresource: 'status' },
    );
    expect(byStatus).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 1 } });
    const bySpec = await client.patch(deployments, 'default', 'd', 'merge', {
      spec: { replicas: 2 },
      status: { replicas: 7 },
    });
    expect(bySpec).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 }, status: { replicas: 1 } });
  });

  it('scales through the scale view', async () => {
    const { client } = testApiServer();
    await client.create(deployments, {
      metadata: { name: 'd', namespace: 'default' },
      spec: { replicas: 1, selector: {}, template: {} },
    });
    const scale = await client.patch(
      deployments,
      'default',
      'd',
      'merge',
      { spec: { replicas: 5 } },
      { subresource: 'scale' },
    );
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } });
    expect((await client.get(deployments, 'default', 'd')).spec?.replicas).toBe(5);
  });
});

describe('deleting', () => {
  it('lets a pod end gracefully, and only shortens its time', async () => {
    const { client } = testApiServer();
    await client.create(pods, pod('p', 'worker-1'));
    await client.delete(pods, 'default', 'p');
    const ending = await client.get(pods, 'default', 'p');
    expect(ending.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    await client.delete(pods, 'default', 'p', { gracePeriodSeconds: 60 });
    expect((await client.get(pods, 'default', 'p')).metadata.deletionGracePeriodSeconds).toBe(30);
    await client.delete(pods, 'default', 'p', { gracePeriodSeconds: 10 });
    expect((await client.get(pods, 'default', 'p')).metadata.deletionTimestamp).toBe('2026-01-01T00:00:10Z');
    await client.delete(pods, 'default', 'p', { gracePeriodSeconds: 0 });
    await expect(client.get(pods, 'default', 'p')).rejects.toEqual(error(404));
  });

  it('waits for finalizers, and takes no new ones', async () => {
    const { client } = testApiServer();
    const held = configMap('a');
    await client.create(configMaps, { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
    await client.delete(configMaps, 'default', 'a');
    await expect(
      client.patch(configMaps, 'default', 'a', 'merge', {
        metadata: { finalizers: ['example.com/hold', 'example.com/more'] },
      }),
    ).rejects.toEqual(
      error(
        422,
        /no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"example.com\/more"\}/,
      ),
    );
    await client.patch(configMaps, 'default', 'a', 'merge', { metadata: { finalizers: null } });
    await expect(client.get(configMaps, 'default', 'a')).rejects.toEqual(error(404));
  });

  it('asks the garbage collector by finalizers', async () => {
    const { client } = testApiServer();
    await client.create(configMaps, configMap('a'));
    await client.delete(configMaps, 'default', 'a', { propagationPolicy: 'Foreground' });
    expect((await client.get(configMaps, 'default', 'a')).metadata.finalizers).toEqual(['foregroundDeletion']);
  });

  it('checks preconditions', async () => {
    const { client } = testApiServer();
    await client.create(configMaps, configMap('a'));
    await expect(client.delete(configMaps, 'default', 'a', { preconditions: { uid: 'other' } })).rejects.toEqual(
      error(
        409,
        /^Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition \(other\) does not match/,
      ),
    );
  });

  it('keeps a namespace until it is finalized', async () => {
    const { client } = testApiServer();
    await client.create(namespaces, { metadata: { name: 'n' } });
    await client.delete(namespaces, undefined, 'n');
    const ending = await client.get(namespaces, undefined, 'n');
    expect(ending.status?.phase).toBe('Terminating');
    await client.update(namespaces, { ...ending, spec: {} }, { subresource: 'finalize' });
    await expect(client.get(namespaces, undefined, 'n')).rejects.toEqual(error(404));
  });
});

describe('binding', () => {
  it('assigns a pod once', async () => {
    const { client } = testApiServer();
    await client.create(pods, pod('p'));
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'p' },
      target: { kind: 'Node', name: 'n1' },
    };
    await client.createSubresource(pods, 'default', 'p', 'binding', binding);
    const bound = await client.get(pods, 'default', 'p');
    expect(bound.spec?.nodeName).toBe('n1');
    expect(bound.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
    await expect(client.createSubresource(pods, 'default', 'p', 'binding', binding)).rejects.toEqual(
      error(409, 'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"'),
    );
  });
});

describe('listing and watching', () => {
  it('lists in the order of keys with the version of the whole store', async () => {
    const { client } = testApiServer();
    for (const name of ['b', 'c', 'a']) await client.create(configMaps, configMap(name));
    await client.create(pods, pod('p'));
    const { items, resourceVersion } = await client.list(configMaps, { namespace: 'default' });
    expect(items.map((item) => item.metadata.name)).toEqual(['a', 'b', 'c']);
    expect(resourceVersion).toBe('5');
  });

  it('tells of changes after the write has returned, in order', async () => {
    const { client, clock } = testApiServer();
    const seen: string[] = [];
    client.watch(configMaps, {}, (event) => seen.push(`${event.type} ${nameOf(event)}`));
    await clock.settle();
    const write = client.create(configMaps, configMap('a')).then(() => seen.push('written'));
    await write;
    await client.update(configMaps, configMap('a', { x: '1' }));
    await client.delete(configMaps, 'default', 'a');
    await clock.settle();
    expect(seen).toEqual(['written', 'ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  it('shows what enters a selection as added and what leaves it as deleted', async () => {
    const { client, clock } = testApiServer();
    const seen: WatchEvent<ConfigMap>[] = [];
    const first = await client.create(configMaps, configMap('a', {}, { app: 'web' }));
    client.watch(configMaps, { labelSelector: 'app=web' }, (event) => seen.push(event));
    await client.update(configMaps, configMap('a', {}, { app: 'db' }));
    await client.update(configMaps, configMap('a', { x: '1' }, { app: 'db' }));
    const back = await client.update(configMaps, configMap('a', {}, { app: 'web' }));
    await clock.settle();
    expect(seen.map((event) => event.type)).toEqual(['ADDED', 'DELETED', 'ADDED']);
    expect(seen[1]?.object).toMatchObject({ metadata: { labels: { app: 'web' } } });
    expect(seen[1]?.object).not.toMatchObject({ metadata: { resourceVersion: first.metadata.resourceVersion } });
    expect(seen[2]?.object).toBe(back);
  });

  it('goes on from a version', async () => {
    const { client, clock } = testApiServer();
    await client.create(configMaps, configMap('a'));
    const { resourceVersion } = await client.list(configMaps);
    await client.create(configMaps, configMap('b'));
    const seen: string[] = [];
    client.watch(configMaps, { resourceVersion }, (event) => seen.push(nameOf(event)));
    await client.create(configMaps, configMap('c'));
    await clock.settle();
    expect(seen).toEqual(['b', 'c']);
  });

  it('refuses a field that the kind does not offer', async () => {
    const { client } = testApiServer();
    await expect(client.list(pods, { fieldSelector: 'spec.foo=1' })).rejects.toEqual(
      error(400, 'field label not supported: spec.foo'),
    );
  });
});

describe('authorization', () => {
  it('refuses with the text that kubectl shows', async () => {
    const { server } = testApiServer({ authorizer: { authorize: () => ({ allowed: false, reason: '' }) } });
    const client = server.client({ name: 'jane', groups: [] });
    await expect(client.list(pods, { namespace: 'default' })).rejects.toEqual(
      error(
        403,
        'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
      ),
    );
    await expect(client.create(pods, pod('p'))).rejects.toEqual(
      error(
        403,
        'pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "default"',
      ),
    );
    await expect(client.get(namespaces, undefined, 'n')).rejects.toEqual(
      error(
        403,
        'namespaces "n" is forbidden: User "jane" cannot get resource "namespaces" in API group "" at the cluster scope',
      ),
    );
  });
});

function nameOf(event: WatchEvent<ConfigMap>): string {
  return event.type === 'ERROR' ? 'error' : (event.object.metadata.name ?? '');
}
