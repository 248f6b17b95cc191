import { describe, expect, it } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../../shared/kubernetes/objects';
import { asking, Bench, node, type PodSpec, pod } from './support';

const CONTROL_PLANE = { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] };
const NOTHING = 'no new claims to deallocate, preemption:';

const requiredAffinity = (key: string, operator: string, values?: string[]): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }] }],
      },
    },
  },
});

const antiAffinity = (app: string): Partial<PodSpec> => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } },
      ],
    },
  },
});

const affinity = (app: string): Partial<PodSpec> => ({
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'zone', labelSelector: { matchLabels: { app } } },
      ],
    },
  },
});

/** Texts as kube-scheduler v1.35 writes them (pkg/scheduler/framework/types.go, and each plugin's own reasons). */
describe('why a pod has no node', () => {
  it('says so when there are none at all', () => {
    expect(new Bench([]).outcome(pod())).toBe('no nodes available to schedule pods');
  });

  it('counts each reason and sorts them as text', () => {
    const bench = new Bench([node('c', { spec: CONTROL_PLANE }), node('a'), node('b'), node('d')]);
    for (const name of ['a', 'b', 'd']) bench.place(name, pod(asking({ cpu: '3' })));
    expect(bench.outcome(pod(asking({ cpu: '2' })))).toBe(
      `0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. ${NOTHING} 0/4 nodes are available: 1 Preemption is not helpful for scheduling, 3 No preemption victims found for incoming pod.`,
    );
  });

  it('gives all resources that are short, and knows when no preemption could help', () => {
    const bench = new Bench([node('a', { allocatable: { pods: '0' } })]);
    expect(bench.outcome(pod(asking({ cpu: '5', memory: '9Gi', 'example.com/gpu': '1' })))).toBe(
      `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient example.com/gpu, 1 Insufficient memory, 1 Too many pods. ${NOTHING} 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
    );
  });

  const cases: [string, Bench, Partial<PodSpec>, string][] = [
    ['cordoned', new Bench([node('a', { spec: { unschedulable: true } })]), {}, '1 node(s) were unschedulable'],
    [
      'node selector',
      new Bench([node('a')]),
      { nodeSelector: { disk: 'ssd' } },
      "1 node(s) didn't match Pod's node affinity/selector",
    ],
    [
      'required node affinity',
      new Bench([node('a', { labels: { zone: 'x' } })]),
      requiredAffinity('zone', 'In', ['y']),
      "1 node(s) didn't match Pod's node affinity/selector",
    ],
    [
      'host port',
      new Bench([node('a')]).place(
        'a',
        pod({ containers: [{ name: 'm', ports: [{ containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' }] }] }),
      ),
      { containers: [{ name: 'm', ports: [{ containerPort: 1, hostPort: 80 }] }] },
      "1 node(s) didn't have free ports for the requested pod ports",
    ],
    [
      'anti-affinity of its own',
      new Bench([node('a')]).place('a', pod({}, { app: 'db' })),
      antiAffinity('db'),
      "1 node(s) didn't match pod anti-affinity rules",
    ],
    [
      'affinity to nobody',
      new Bench([node('a', { labels: { zone: 'x' } })]),
      affinity('db'),
      "1 node(s) didn't match pod affinity rules",
    ],
    [
      'a claim that is not there',
      new Bench([node('a')]),
      { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
      'persistentvolumeclaim "data" not found',
    ],
  ];
  it.each(cases)('%s', (_name, bench, spec, reason) => {
    expect(bench.outcome(pod(spec))).toContain(`0/1 nodes are available: ${reason}. ${NOTHING}`);
  });

  it('minds the anti-affinity of pods that are there already', () => {
    const bench = new Bench([node('a')]).place('a', pod(antiAffinity('web'), { app: 'db' }));
    expect(bench.outcome(pod({}, { app: 'web' }))).toContain(
      "1 node(s) didn't satisfy existing pods anti-affinity rules",
    );
    expect(bench.outcome(pod({}, { app: 'other' }))).toBe('a');
  });

  it('lets the first pod of a group with affinity to itself start anywhere', () => {
    const bench = new Bench([node('a', { labels: { zone: 'x' } }), node('b', { labels: { zone: 'y' } })]);
    const first = pod(affinity('web'), { app: 'web' });
    const where = bench.outcome(first);
    expect(['a', 'b']).toContain(where);
    bench.place(where, first);
    expect(bench.outcome(pod(affinity('web'), { app: 'web' }))).toBe(where);
  });

  it('goes to the namespaces that a term selects by their labels', () => {
    const bench = new Bench([node('a', { labels: { zone: 'x' } }), node('b', { labels: { zone: 'y' } })]);
    for (const [name, team] of [
      ['one', 'blue'],
      ['two', 'red'],
    ] as const) {
      bench.cache.setNamespace({ metadata: { name, labels: { team } } });
    }
    const db = pod({}, { app: 'db' });
    bench.place('b', { ...db, metadata: { ...db.metadata, namespace: 'one' } });
    const near = (namespaceSelector: { matchLabels?: Record<string, string> }): Partial<PodSpec> => ({
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'db' } }, namespaceSelector },
          ],
        },
      },
    });
    expect(bench.outcome(pod(near({ matchLabels: { team: 'blue' } })))).toBe('b');
    expect(bench.outcome(pod(near({})))).toBe('b');
    expect(bench.outcome(pod(near({ matchLabels: { team: 'red' } })))).toContain(
      "2 node(s) didn't match pod affinity rules",
    );
  });

  it('names the plugin for nodes that a daemon pod never asked for', () => {
    const bench = new Bench([node('a'), node('b'), node('c')]);
    const spec: Partial<PodSpec> = {
      ...asking({ cpu: '100' }),
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }],
          },
        },
      },
    };
    expect(bench.outcome(pod(spec))).toContain(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. ",
    );
    expect(bench.outcome(pod({ ...spec, containers: [] }))).toBe('b');
  });

  it('does not offer preemption to a pod that must not preempt', () => {
    const outcome = new Bench([node('a')]).outcome(pod({ ...asking({ cpu: '9' }), preemptionPolicy: 'Never' }));
    expect(outcome).toBe(
      `0/1 nodes are available: 1 Insufficient cpu. ${NOTHING} not eligible due to preemptionPolicy=Never.`,
    );
  });
});

describe('where a pod fits', () => {
  it('follows its toleration', () => {
    const bench = new Bench([node('c', { spec: CONTROL_PLANE })]);
    const tolerations = [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }];
    expect(bench.outcome(pod({ tolerations }))).toBe('c');
  });

  it('reckons the largest init container against the sum of the others, sidecars with both, and the overhead', () => {
    const container = (name: string, cpu: string) => ({ name, resources: { requests: { cpu } } });
    const spec: Partial<PodSpec> = {
      initContainers: [{ ...container('proxy', '500m'), restartPolicy: 'Always' }, container('init', '2')],
      containers: [container('a', '1'), container('b', '500m')],
      overhead: { cpu: '250m' },
    };
    const fits = (cpu: string) => 'node' in new Bench([node('a', { allocatable: { cpu } })]).decide(pod(spec));
    // The init container beside the sidecar: 2 + 0.5; the others beside it: 1 + 0.5 + 0.5; and 0.25 on top.
    expect(fits('2750m')).toBe(true);
    expect(fits('2749m')).toBe(false);
  });

  it('keeps the skew between zones within bounds', () => {
    const zone = (name: string, value: string) => node(name, { labels: { zone: value } });
    const spread: Partial<PodSpec> = {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 'web' } },
        },
      ],
    };
    const bench = new Bench([zone('a1', 'a'), zone('a2', 'a'), zone('b1', 'b'), node('none')]);
    bench.place('a1', pod({}, { app: 'web' }));
    expect(bench.outcome(pod(spread, { app: 'web' }))).toBe('b1');
    bench.cache.setNode(node('b1', { labels: { zone: 'b' }, spec: { unschedulable: true } }));
    expect(bench.outcome(pod(spread, { app: 'web' }))).toContain(
      "0/4 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label), 1 node(s) were unschedulable, 2 node(s) didn't match pod topology spread constraints. ",
    );
  });

  it('waits for a claim that is bound at once, and not for one that waits for its first pod', () => {
    const claim: PersistentVolumeClaim = { metadata: { name: 'data' }, spec: { storageClassName: 'late' } };
    const storageClass = (volumeBindingMode: string): StorageClass => ({
      metadata: {},
      provisioner: 'p',
      volumeBindingMode,
    });
    const spec = { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] };
    const outcome = (mode: string) =>
      new Bench([node('a')], {
        claim: () => claim,
        volume: () => undefined,
        storageClass: () => storageClass(mode),
      }).outcome(pod(spec));
    expect(outcome('WaitForFirstConsumer')).toBe('a');
    expect(outcome('Immediate')).toContain(
      '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. ',
    );
  });

  it('goes where its volume is', () => {
    const claim: PersistentVolumeClaim = { metadata: { name: 'data' }, spec: { volumeName: 'pv' } };
    const volume: PersistentVolume = {
      metadata: { name: 'pv' },
      spec: {
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['b'] }] },
            ],
          },
        },
      },
    };
    const bench = new Bench([node('a'), node('b')], {
      claim: () => claim,
      volume: () => volume,
      storageClass: () => undefined,
    });
    expect(bench.outcome(pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }))).toBe('b');
  });

  it('forgets a pod that has gone', () => {
    const bench = new Bench([node('a')]);
    const big = pod(asking({ cpu: '3500m' }));
    bench.place('a', big);
    expect(bench.outcome(pod(asking({ cpu: '1' })))).toContain('1 Insufficient cpu');
    bench.cache.removePod(big.metadata.uid ?? '');
    expect(bench.outcome(pod(asking({ cpu: '4' })))).toBe('a');
  });
});
