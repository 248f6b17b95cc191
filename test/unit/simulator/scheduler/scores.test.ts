import { describe, expect, it } from 'vitest';
import { feasibleNodesToFind } from '../../../../electron/simulator/scheduler/cycle';
import { asking, Bench, node, pod } from './support';

/** Arithmetic of pkg/scheduler/framework/plugins, v1.35. */
describe('which node is best', () => {
  it('prefers the emptier node, and the more even one', () => {
    const bench = new Bench([node('a'), node('b')]).place('a', pod(asking({ cpu: '2', memory: '1Gi' })));
    // Least allocated: a (4-3)/4 and (8-2)/8, b (4-1)/4 and (8-1)/8. Balanced: a 0.75 and 0.25, b 0.25 and 0.125.
    expect(bench.scores(pod(asking({ cpu: '1', memory: '1Gi' })))).toEqual({ a: 50 + 75, b: 81 + 93 });
  });

  it('reckons a tenth of a core and 200 MiB for containers that ask for nothing', () => {
    const bench = new Bench([node('a', { allocatable: { cpu: '1', memory: '2000Mi' } }), node('b')]);
    expect(bench.scores(pod()).a).toBe(90);
  });

  it('puts nodes with taints that it would rather avoid last, three times over', () => {
    const soft = { taints: [{ key: 'k', value: 'v', effect: 'PreferNoSchedule' }] };
    const scores = new Bench([node('a', { spec: soft }), node('b')]).scores(pod());
    expect((scores.b ?? 0) - (scores.a ?? 0)).toBe(300);
  });

  it('adds up preferred node affinity, twice over', () => {
    const prefer = (weight: number, value: string) => ({
      weight,
      preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: [value] }] },
    });
    const bench = new Bench([node('a', { labels: { zone: 'x' } }), node('b', { labels: { zone: 'y' } }), node('c')]);
    const scores = bench.scores(
      pod({
        affinity: {
          nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [prefer(40, 'x'), prefer(10, 'y')] },
        },
      }),
    );
    const base = scores.c ?? 0;
    expect([(scores.a ?? 0) - base, (scores.b ?? 0) - base]).toEqual([200, 50]);
  });

  it('likes nodes that have the image, the larger the better', () => {
    const image = { names: ['docker.io/library/big:latest'], sizeBytes: 500 * 1024 * 1024 };
    const bench = new Bench([node('a', { images: [image] }), node('b')]);
    const scores = bench.scores(pod({ containers: [{ name: 'm', image: 'big' }] }));
    // Half of the nodes have it: (250 - 23) of (1000 - 23) MiB.
    expect((scores.a ?? 0) - (scores.b ?? 0)).toBe(23);
  });

  it('weighs preferred affinity by domains', () => {
    const term = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'db' } } };
    const bench = new Bench([node('a', { labels: { zone: 'x' } }), node('b', { labels: { zone: 'y' } })]);
    bench.place('a', pod({ containers: [] }, { app: 'db' }));
    const near = bench.scores(
      pod({
        affinity: {
          podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 7, podAffinityTerm: term }] },
        },
      }),
    );
    expect((near.a ?? 0) - (near.b ?? 0)).toBe(200);
    const far = bench.scores(
      pod({
        affinity: {
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 7, podAffinityTerm: term }] },
        },
      }),
    );
    expect((far.a ?? 0) - (far.b ?? 0)).toBe(-200);
  });

  it('spreads the pods of one controller over the nodes without being asked', () => {
    const bench = new Bench(
      ['a', 'b', 'c'].map((name) => node(name, { labels: { 'topology.kubernetes.io/zone': name } })),
    );
    const where: string[] = [];
    for (let i = 0; i < 6; i++) {
      const replica = pod(asking({ cpu: '1m' }), { 'pod-template-hash': 'x' });
      replica.metadata.ownerReferences = [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'r', controller: true },
      ];
      const on = bench.outcome(replica);
      where.push(on);
      bench.place(on, replica);
    }
    expect(where.sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });

  it('looks at fewer nodes the more there are', () => {
    expect([50, 100, 1000, 5000, 10_000].map(feasibleNodesToFind)).toEqual([50, 100, 420, 500, 500]);
  });

  it('breaks ties by lot', () => {
    const bench = new Bench(['a', 'b', 'c'].map((name) => node(name)));
    const found = new Set(Array.from({ length: 40 }, () => bench.outcome(pod())));
    expect([...found].sort()).toEqual(['a', 'b', 'c']);
  });
});
