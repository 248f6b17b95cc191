import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SchemaNode } from '../../../../../electron/simulator/apiserver/patch/schema-node';
import { applyStrategicMergePatch } from '../../../../../electron/simulator/apiserver/patch/strategic-merge-patch';

const text: SchemaNode = { type: 'string' };
const container: SchemaNode = {
  type: 'object',
  properties: {
    name: text,
    image: text,
    args: { type: 'array', items: text },
    env: { type: 'array', patchStrategy: 'merge', patchMergeKey: 'name', items: { type: 'object' } },
  },
};
const schema: SchemaNode = {
  type: 'object',
  properties: {
    containers: { type: 'array', patchStrategy: 'merge', patchMergeKey: 'name', items: container },
    volumes: {
      type: 'array',
      patchStrategy: 'merge,retainKeys',
      patchMergeKey: 'name',
      items: { type: 'object', properties: { name: text } },
    },
    finalizers: { type: 'array', patchStrategy: 'merge', items: text },
    tolerations: { type: 'array', items: { type: 'object' } },
    strategy: { type: 'object', patchStrategy: 'retainKeys', properties: {} },
  },
};

const pod = {
  containers: [
    { name: 'web', image: 'nginx:1', args: ['a'], env: [{ name: 'X', value: '1' }] },
    { name: 'log', image: 'fluentd' },
  ],
  finalizers: ['one', 'two'],
  volumes: [{ name: 'v', emptyDir: {} }],
  tolerations: [{ key: 'a' }],
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
};

describe('strategic merge patch', () => {
  it.each([
    [
      'merges lists by their key',
      { containers: [{ name: 'web', image: 'nginx:2' }] },
      { containers: [{ ...pod.containers[0], image: 'nginx:2' }, pod.containers[1]] },
    ],
    [
      'adds what is not there, before what is',
      { containers: [{ name: 'new', image: 'x' }] },
      { containers: [{ name: 'new', image: 'x' }, ...pod.containers] },
    ],
    ['deletes by directive', { containers: [{ name: 'web', $patch: 'delete' }] }, { containers: [pod.containers[1]] }],
    [
      'replaces a list by directive',
      { containers: [{ name: 'only', image: 'x' }, { $patch: 'replace' }] },
      { containers: [{ name: 'only', image: 'x' }] },
    ],
    ['replaces lists without a strategy', { tolerations: [{ key: 'b' }] }, { tolerations: [{ key: 'b' }] }],
    ['adds to sets', { finalizers: ['two', 'three'] }, { finalizers: ['one', 'two', 'three'] }],
    ['takes from sets', { '$deleteFromPrimitiveList/finalizers': ['one'] }, { finalizers: ['two'] }],
    [
      'keeps only the keys named',
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    [
      'keeps only the keys named in an item',
      { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] },
      { volumes: [{ name: 'v', hostPath: { path: '/x' } }] },
    ],
    [
      'puts items in the order named',
      { '$setElementOrder/containers': [{ name: 'log' }, { name: 'web' }] },
      { containers: [pod.containers[1], pod.containers[0]] },
    ],
    [
      'orders what it merges',
      {
        '$setElementOrder/containers': [{ name: 'new' }, { name: 'web' }, { name: 'log' }],
        containers: [{ name: 'new', image: 'x' }],
      },
      { containers: [{ name: 'new', image: 'x' }, ...pod.containers] },
    ],
    [
      'replaces a map by directive',
      { strategy: { $patch: 'replace', type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    ['deletes by null', { tolerations: null }, { tolerations: undefined }],
  ])('%s', (_, patch, change) => {
    const before = structuredClone(pod);
    expect(applyStrategicMergePatch(pod, patch, schema)).toEqual({ ...pod, ...change });
    expect(pod).toEqual(before);
  });

  it('refuses an item without its key', () => {
    expect(() => applyStrategicMergePatch(pod, { containers: [{ image: 'x' }] }, schema)).toThrow(
      'map: map[image:x] does not contain declared merge key: name',
    );
  });

  const containers = fc.uniqueArray(
    fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), image: fc.constantFrom('x', 'y') }),
    { selector: (item) => item.name },
  );

  it('makes, from what kubectl would send, the list that was wanted', () => {
    fc.assert(
      fc.property(containers, containers, (present, wanted) => {
        // Of nothing and nothing kubectl sends nothing.
        fc.pre(present.length + wanted.length > 0);
        const patch = {
          '$setElementOrder/containers': wanted.map(({ name }) => ({ name })),
          containers: [
            ...wanted,
            ...present
              .filter((item) => !wanted.some((other) => other.name === item.name))
              .map(({ name }) => ({ name, $patch: 'delete' })),
          ],
        };
        expect(applyStrategicMergePatch({ containers: present }, patch, schema)).toEqual({ containers: wanted });
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('settles: the same patch again changes nothing', () => {
    fc.assert(
      fc.property(containers, containers, (present, patch) => {
        const once = applyStrategicMergePatch({ containers: present }, { containers: patch }, schema);
        expect(applyStrategicMergePatch(once, { containers: patch }, schema)).toEqual(once);
      }),
      { seed: 13, numRuns: 300 },
    );
  });
});
