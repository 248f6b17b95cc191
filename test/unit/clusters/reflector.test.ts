import { afterEach, expect, test } from 'vitest';
import { Connection } from '../../../electron/clusters/connection/connection';
import { Reflector, type ReflectorOptions } from '../../../electron/clusters/watches/reflector';
import { configMaps, secrets } from '../../../shared/kubernetes/resources';
import { ListWatchServer, sendStatus } from '../../support/list-watch-server';
import { configMap, noBackoff, Recorder } from './support';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function server(): Promise<ListWatchServer> {
  const started = await ListWatchServer.start();
  cleanups.push(() => started.close());
  return started;
}

function reflect(cluster: ListWatchServer, options: ReflectorOptions = {}, resource = configMaps) {
  const connection = new Connection(() => cluster.kubeConfig(), { backoff: noBackoff });
  const recorder = new Recorder();
  const reflector = new Reflector(connection, { resource }, recorder, { backoff: noBackoff, ...options });
  connection.check();
  void reflector.run();
  cleanups.push(() => {
    reflector.stop();
    connection.close();
  });
  return { connection, recorder };
}

test('lists in pages, then watches from the version of the list', async () => {
  const cluster = await server();
  for (const name of ['a', 'b', 'c']) cluster.put(configMap(name));
  const { recorder } = reflect(cluster, { pageSize: 2 });
  await recorder.until(() => recorder.count('live') === 1);
  expect(recorder.log).toEqual(['listing', 'put a b', 'put c', 'listed', 'live']);
  expect(cluster.watchRequests[0]?.get('resourceVersion')).toBe('103');
  expect(cluster.watchRequests[0]?.get('allowWatchBookmarks')).toBe('true');
  cluster.put(configMap('d'));
  cluster.remove(configMap('a'));
  await recorder.until(() => recorder.count('remove a') === 1);
  expect([...recorder.objects.keys()]).toEqual(['b', 'c', 'd']);
});

test('fills in what items of a list lack, and drops managedFields', async () => {
  const cluster = await server();
  const object = configMap('a');
  object.metadata.managedFields = [{ manager: 'kubectl' }];
  cluster.put(object);
  const { recorder } = reflect(cluster);
  await recorder.until(() => recorder.count('live') === 1);
  expect(recorder.objects.get('a')).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
  expect(recorder.objects.get('a')?.metadata.managedFields).toBeUndefined();
});

test('a Secret loses its values before anybody sees it, also in the copy that kubectl keeps', async () => {
  const cluster = await server();
  const secret = configMap('s', 'default', { password: 'aHVudGVyMg==' });
  secret.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"aHVudGVyMg=="}' };
  cluster.put(secret);
  const { recorder } = reflect(cluster, {}, secrets);
  await recorder.until(() => recorder.count('live') === 1);
  cluster.put(structuredClone(secret));
  await recorder.until(() => recorder.count('put s') === 2);
  const text = JSON.stringify([...recorder.objects.values()]);
  expect(text).toContain('"password":"•••"');
  expect(text).not.toContain('aHVudGVyMg');
});

test('a watch that is cut resumes at the last version, without a new list or a problem', async () => {
  const cluster = await server();
  cluster.put(configMap('a'));
  const { recorder } = reflect(cluster);
  await recorder.until(() => recorder.count('live') === 1);
  cluster.put(configMap('b'));
  await recorder.until(() => recorder.count('put b') === 1);
  cluster.cut();
  cluster.put(configMap('c'));
  await recorder.until(() => recorder.count('put c') === 1);
  expect(cluster.listRequests).toHaveLength(1);
  expect(cluster.watchRequests.at(-1)?.get('resourceVersion')).toBe('102');
  expect(recorder.problems).toEqual([]);
});

test('a bookmark moves the version that a cut watch resumes at', async () => {
  const cluster = await server();
  const { recorder } = reflect(cluster);
  await recorder.until(() => recorder.count('live') === 1);
  cluster.bookmark();
  cluster.put(configMap('seen'));
  await recorder.until(() => recorder.count('put seen') === 1);
  cluster.bookmark();
  cluster.bookmark();
  // The bookmark was read when the next change is.
  cluster.cut();
  await recorder.until(() => recorder.count('live') === 2);
  expect(Number(cluster.watchRequests.at(-1)?.get('resourceVersion'))).toBeGreaterThan(101);
});

test('an expired version leads to a new list, which also tells what is gone', async () => {
  const cluster = await server();
  cluster.put(configMap('a'));
  cluster.put(configMap('b'));
  const { recorder } = reflect(cluster);
  await recorder.until(() => recorder.count('live') === 1);
  // In one turn: the watch hears none of it.
  cluster.cut();
  cluster.remove(configMap('a'));
  cluster.put(configMap('c'));
  cluster.forgetHistory();
  await recorder.until(() => recorder.count('listed') === 2 && recorder.log.at(-1) === 'live');
  expect([...recorder.objects.keys()].sort()).toEqual(['b', 'c']);
  expect(recorder.problems).toEqual([]);
});

test('a watch that says nothing is opened anew', async () => {
  const cluster = await server();
  const { recorder } = reflect(cluster, { silence: 30 });
  await recorder.until(() => recorder.count('live') >= 3);
  expect(recorder.problems).toEqual([]);
  expect(cluster.listRequests).toHaveLength(1);
});

test('a server that goes away is a problem with a time, and comes back by itself', async () => {
  const cluster = await server();
  cluster.put(configMap('a'));
  const { recorder, connection } = reflect(cluster);
  await recorder.until(() => recorder.count('live') === 1);
  const { port } = cluster;
  await cluster.suspend();
  await recorder.until(() => recorder.problems.length > 0);
  expect(recorder.problems[0]).toMatchObject({ type: 'disconnected' });
  expect(recorder.problems[0]?.message).toContain(`127.0.0.1:${port}`);
  expect(connection.state.value).toMatchObject({ state: 'unreachable' });
  cluster.put(configMap('b'));
  await cluster.resume();
  await recorder.until(() => recorder.log.at(-1) === 'put b');
  expect(recorder.count('live')).toBe(2);
  expect(cluster.listRequests).toHaveLength(1);
});

test('what the server forbids is said as such, and asked again', async () => {
  const cluster = await server();
  cluster.override = (url, _request, response) => {
    if (url.pathname === '/version') return false;
    sendStatus(response, 403, 'Forbidden', 'configmaps is forbidden: User "x" cannot list');
    return true;
  };
  const { recorder } = reflect(cluster);
  await recorder.until(() => recorder.problems.length === 1);
  expect(recorder.problems[0]).toEqual({
    type: 'forbidden',
    message: 'configmaps is forbidden: User "x" cannot list',
  });
});

test('a kind that the cluster does not serve is missing', async () => {
  const cluster = await server();
  cluster.override = (url, _request, response) => {
    if (url.pathname === '/version') return false;
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('404 page not found');
    return true;
  };
  const { recorder } = reflect(cluster);
  await recorder.until(() => recorder.problems.length === 1);
  expect(recorder.problems[0]?.type).toBe('missing');
  expect(recorder.problems[0]?.message).toContain('404');
});

test('a server in trouble is asked again until it answers', async () => {
  const cluster = await server();
  cluster.put(configMap('a'));
  let left = 2;
  cluster.override = (url, _request, response) => {
    if (url.pathname === '/version' || left === 0) return false;
    left -= 1;
    sendStatus(response, 500, 'InternalError', 'etcd is away');
    return true;
  };
  const { recorder } = reflect(cluster);
  await recorder.until(() => recorder.count('live') === 1);
  expect(recorder.problems).toEqual([
    { type: 'error', message: 'etcd is away' },
    { type: 'error', message: 'etcd is away' },
  ]);
});
