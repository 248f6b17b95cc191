import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCatalog } from '../../../../electron/clusters/catalog/contexts';
import { loadContext } from '../../../../electron/clusters/connection/kubeconfig';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porthole-catalog-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function load(...paths: string[]) {
  return loadCatalog(paths.map((path) => ({ path, source: { type: 'kubeconfig', file: path } })));
}

const good = `
apiVersion: v1
kind: Config
clusters:
- name: home
  cluster: {server: 'https://10.0.0.1:6443'}
users:
- name: ann
  user: {token: hunter2}
contexts:
- name: ann@home
  context: {cluster: home, user: ann, namespace: web}
current-context: ann@home
`;

test('lists a context with its names and no credential', async () => {
  const path = await file('config', good);
  const { contexts, problems } = load(path);
  expect(problems).toEqual([]);
  expect(contexts).toEqual([
    {
      id: expect.stringMatching(/^[\w-]{16}$/),
      name: 'ann@home',
      cluster: 'home',
      user: 'ann',
      server: 'https://10.0.0.1:6443',
      namespace: 'web',
      source: { type: 'kubeconfig', file: path },
    },
  ]);
  expect(JSON.stringify(contexts)).not.toContain('hunter2');
});

test('an id stays when the file changes elsewhere, and differs by file and by name', async () => {
  const first = await file('a', good);
  const second = await file('b', good);
  const before = load(first, second).contexts.map(({ id }) => id);
  expect(new Set(before).size).toBe(2);
  await file('a', good.replace('10.0.0.1', '10.0.0.2'));
  expect(load(first, second).contexts.map(({ id }) => id)).toEqual(before);
});

test('names the line of a syntax error, and the other files still count', async () => {
  const broken = await file('broken', 'apiVersion: v1\nclusters:\n- name: x\n  cluster: {server: [\ncontexts: []\n');
  const { contexts, problems } = load(broken, await file('good', good));
  expect(contexts.map(({ name }) => name)).toEqual(['ann@home']);
  expect(problems[0]).toMatchObject({ file: broken, line: expect.any(Number) });
  expect(problems[0]?.line).toBeGreaterThanOrEqual(4);
});

test('an entry without a name hides no other', async () => {
  const path = await file('config', good.replace('contexts:\n', 'contexts:\n- context: {cluster: home}\n'));
  const { contexts, problems } = load(path);
  expect(contexts.map(({ name }) => name)).toEqual(['ann@home']);
  expect(problems).toEqual([{ file: path, line: 11, message: 'an entry of contexts has no name' }]);
});

test.each([
  ['a list that is none', 'clusters: 5\n', 'clusters must be a list'],
  ['a text instead of a mapping', 'hello\n', 'is not a kubeconfig: not a mapping'],
])('%s is named', async (_title, text, message) => {
  const path = await file('config', text);
  expect(load(path).problems).toEqual([{ file: path, line: 1, message }]);
});

test.each([
  ['a user', good.replace('user: ann,', 'user: bob,'), 'user "bob" is not defined'],
  ['a cluster', good.replace('{cluster: home,', '{cluster: away,'), 'cluster "away" is not defined'],
  ['a server', good.replace("server: 'https://10.0.0.1:6443'", 'x: y'), 'cluster "home" has no server'],
  [
    'a URL',
    good.replace("'https://10.0.0.1:6443'", "'10.0.0.1'"),
    'cluster "home" has a server that is not an http(s) URL',
  ],
  ['PEM', good.replace('token: hunter2', 'client-key-data: bm9wZQ=='), 'client-key-data is not PEM in base64'],
])('a context that lacks %s says so', async (_title, text, problem) => {
  expect(load(await file('config', text)).contexts[0]?.problem).toBe(problem);
});

test('a certificate file is looked for beside the kubeconfig', async () => {
  const path = await file('config', good.replace('token: hunter2', 'client-certificate: certs/ann.crt'));
  expect(load(path).contexts[0]?.problem).toContain(join(folder, 'certs', 'ann.crt'));
  const there = await file('other', good.replace('token: hunter2', 'client-certificate: config'));
  expect(load(there).contexts[0]?.problem).toBeUndefined();
});

test('a file that is not there is no problem, one that is a folder is', () => {
  expect(load(join(folder, 'none'))).toMatchObject({ contexts: [], problems: [] });
  expect(load(folder).problems).toEqual([{ file: folder, message: expect.stringContaining('EISDIR') }]);
});

test('a context may name what another file defines; its own file comes first', async () => {
  const contexts = await file(
    'contexts',
    'contexts:\n- name: c\n  context: {cluster: home, user: ann}\nclusters:\n- name: home\n  cluster: {server: "https://own"}\n',
  );
  const { contexts: listed, targets } = load(await file('good', good), contexts);
  const summary = listed.find(({ name }) => name === 'c');
  expect(summary).toMatchObject({ server: 'https://own' });
  expect(summary?.problem).toBeUndefined();
  const target = targets.get(summary?.id ?? '');
  expect(target?.files[0]).toBe(contexts);
  const config = loadContext(target ?? { context: '', files: [] });
  expect(config.getCurrentCluster()?.server).toBe('https://own');
  expect(config.getCurrentUser()?.token).toBe('hunter2');
});

test('a broken file beside it does not keep a context from connecting', async () => {
  const broken = await file('broken', 'a: [');
  const { contexts, targets } = load(broken, await file('good', good));
  const target = targets.get(contexts[0]?.id ?? '');
  expect(loadContext(target ?? { context: '', files: [] }).getCurrentUser()?.token).toBe('hunter2');
});
