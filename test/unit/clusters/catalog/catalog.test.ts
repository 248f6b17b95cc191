import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ContextCatalog, defaultKubeconfigFiles } from '../../../../electron/clusters/catalog/catalog';

let folder: string;
let catalog: ContextCatalog | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porthole-catalog-'));
});
afterEach(async () => {
  catalog?.close();
  await rm(folder, { recursive: true });
});

const config = (name: string) =>
  `clusters:\n- {name: c, cluster: {server: "https://c"}}\ncontexts:\n- {name: ${name}, context: {cluster: c}}\n`;

function names(): string[] {
  return (catalog?.topic.value.contexts ?? []).map(({ name }) => name);
}

test('the files are those of KUBECONFIG, each once, or the one in the home folder', () => {
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  expect(defaultKubeconfigFiles({ KUBECONFIG: [a, b, '', a].join(delimiter) })).toEqual([a, b]);
  expect(defaultKubeconfigFiles({ KUBECONFIG: '' }, folder)).toEqual([join(folder, '.kube', 'config')]);
});

test('follows a file that is written, replaced and removed', async () => {
  const path = join(folder, 'config');
  catalog = new ContextCatalog([path]);
  expect(names()).toEqual([]);
  await writeFile(path, config('one'));
  await expect.poll(names).toEqual(['one']);
  await writeFile(`${path}.new`, config('two'));
  await rename(`${path}.new`, path);
  await expect.poll(names).toEqual(['two']);
  await rm(path);
  await expect.poll(names).toEqual([]);
});

test('tells its streams, and keeps the good when a file breaks', async () => {
  const [good, other] = [join(folder, 'good'), join(folder, 'other')];
  await writeFile(good, config('good'));
  await writeFile(other, config('other'));
  catalog = new ContextCatalog([good, other]);
  const ended = new AbortController();
  const stream = catalog.topic.stream(ended.signal);
  expect((await stream.next()).value?.contexts).toHaveLength(2);
  await writeFile(other, 'contexts: [');
  const { value } = await stream.next();
  expect(value?.contexts.map(({ name }) => name)).toEqual(['good']);
  expect(value?.problems[0]).toMatchObject({ file: other, line: expect.any(Number) });
  ended.abort();
  expect((await stream.next()).done).toBe(true);
});

test("the simulated cluster's context comes first, and has its target", async () => {
  const path = join(folder, 'config');
  await writeFile(path, config('mine'));
  await mkdir(join(folder, 'simulator'));
  const simulated = join(folder, 'simulator', 'kubeconfig');
  await writeFile(simulated, config('porthole'));
  catalog = new ContextCatalog([path]);
  const id = catalog.addSimulator(simulated, 'course');
  expect(names()).toEqual(['porthole', 'mine']);
  expect(catalog.topic.value.contexts[0]).toMatchObject({ id, source: { type: 'simulator', preset: 'course' } });
  expect(catalog.target(id ?? '')?.files[0]).toBe(simulated);
});
