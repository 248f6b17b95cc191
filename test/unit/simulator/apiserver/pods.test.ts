import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { contextWith, defaulted, definitionOf, prepared, problemsOf, type Sketch, updateProblemsOf } from './kinds';

const container = (more: Sketch = {}) => ({ name: 'c', image: 'nginx:1.25', ...more });
const pod = (spec: Sketch, containers: unknown[] = [container()]): Sketch => ({ spec: { containers, ...spec } });

describe('pod defaults', () => {
  it('fills in what a real server shows', () => {
    expect(defaulted('Pod', pod({}, [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }]))).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x', uid: 'u-1', namespace: 'default' },
      spec: {
        containers: [
          {
            name: 'c',
            image: 'nginx',
            imagePullPolicy: 'Always',
            ports: [{ containerPort: 80, protocol: 'TCP' }],
            resources: {},
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
          },
        ],
        dnsPolicy: 'ClusterFirst',
        enableServiceLinks: true,
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        securityContext: {},
        terminationGracePeriodSeconds: 30,
      },
    });
  });

  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['registry:5000/nginx', 'Always'],
    ['nginx:1.25', 'IfNotPresent'],
    ['nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000', 'IfNotPresent'],
  ])('pulls %s %s', (image, policy) => {
    expect(defaulted('Pod', pod({}, [container({ image })]))).toMatchObject({
      spec: { containers: [{ imagePullPolicy: policy }] },
    });
  });

  it('requests what is limited, in canonical quantities', () => {
    const resources = { limits: { cpu: '1000m', memory: '1.5Gi' }, requests: { cpu: 0.5 } };
    expect(defaulted('Pod', pod({}, [container({ resources })]))).toMatchObject({
      spec: {
        containers: [
          { resources: { limits: { cpu: '1', memory: '1536Mi' }, requests: { cpu: '500m', memory: '1536Mi' } } },
        ],
      },
    });
  });

  it('gives probes and volumes their defaults', () => {
    const spec = {
      volumes: [{ name: 'a' }, { name: 'b', configMap: { name: 'm' } }, { name: 'c', hostPath: { path: '/x' } }],
    };
    const probed = container({ readinessProbe: { httpGet: { port: 80 } } });
    expect(defaulted('Pod', pod(spec, [probed]))).toMatchObject({
      spec: {
        volumes: [{ emptyDir: {} }, { configMap: { defaultMode: 420 } }, { hostPath: { type: '' } }],
        containers: [
          {
            readinessProbe: {
              httpGet: { path: '/', scheme: 'HTTP' },
              failureThreshold: 3,
              periodSeconds: 10,
              successThreshold: 1,
              timeoutSeconds: 1,
            },
          },
        ],
      },
    });
  });

  it('answers a quantity that cannot be read with 400', () => {
    const resources = { limits: { cpu: 'lots' } };
    expect(() => defaulted('Pod', pod({}, [container({ resources })]))).toThrow(
      'Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression',
    );
  });
});

describe('a new pod', () => {
  it.each([
    ['BestEffort', {}],
    ['Burstable', { requests: { cpu: '1' } }],
    ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' } }],
    ['Burstable', { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }],
  ])('is Pending and %s', (qosClass, resources) => {
    expect(prepared('Pod', { ...pod({}, [container({ resources })]), status: { phase: 'Running' } })).toMatchObject({
      status: { phase: 'Pending', qosClass },
    });
  });

  it('waits for its gates', () => {
    expect(prepared('Pod', pod({ schedulingGates: [{ name: 'g' }] }))).toMatchObject({
      status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
    });
  });
});

it('gives defaults to what admission added, so that the next update changes nothing', () => {
  const { strategy } = definitionOf('Pod');
  const stored = defaulted('Pod', pod({})) as Pod;
  if (stored.spec !== undefined) {
    stored.spec.serviceAccountName = 'default';
    stored.spec.volumes = [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }];
  }
  strategy.prepareForCreate?.(stored, contextWith());
  const next = structuredClone(stored);
  strategy.applyDefaults?.(next);
  expect(next).toEqual(stored);
  expect(stored.spec?.serviceAccount).toBe('default');
});

describe('pod validation', () => {
  it.each<[string, Sketch, string[]]>([
    ['no containers', pod({}, []), ['spec.containers: Required value']],
    ['no spec', {}, ['spec.containers: Required value']],
    ['no image', pod({}, [{ name: 'c' }]), ['spec.containers[0].image: Required value']],
    ['no name', pod({}, [{ image: 'i' }]), ['spec.containers[0].name: Required value']],
    ['a name twice', pod({}, [container(), container()]), ['spec.containers[1].name: Duplicate value: "c"']],
    [
      'a malformed name',
      pod({}, [container({ name: 'C_1' })]),
      [
        "spec.containers[0].name: Invalid value: \"C_1\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      'a port out of range',
      pod({}, [container({ ports: [{ containerPort: 70000 }] })]),
      ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
    ],
    [
      'an unknown restart policy',
      pod({ restartPolicy: 'Sometimes' }),
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      'a mount without a volume',
      pod({}, [container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })]),
      ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
    [
      'requests above limits',
      pod({}, [container({ resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } })]),
      [
        'spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
      ],
    ],
    [
      'two kinds of volume in one',
      pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] }),
      ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
    ],
    [
      'a toleration for everything without Exists',
      pod({ tolerations: [{ operator: 'Equal' }] }),
      [
        'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ],
    ],
    [
      'an affinity without terms',
      pod({
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
      }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
      ],
    ],
    [
      'an unknown operator',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'Is', values: ['a'] }] }],
            },
          },
        },
      }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
      ],
    ],
    [
      'a probe without a handler',
      pod({}, [container({ livenessProbe: {} })]),
      ['spec.containers[0].livenessProbe: Required value: must specify a handler type'],
    ],
  ])('refuses %s', (_, fields, expected) => {
    expect(problemsOf('Pod', fields)).toEqual(expected);
  });
});

describe('changing a pod', () => {
  it('takes a new image', () => {
    expect(updateProblemsOf('Pod', pod({}), pod({}, [container({ image: 'nginx:2' })]))).toEqual([]);
  });

  it('takes another toleration', () => {
    const tolerations = [{ key: 'a', operator: 'Exists' }];
    expect(updateProblemsOf('Pod', pod({}), pod({ tolerations }))).toEqual([]);
  });

  it('refuses another node, and shows the difference', () => {
    const [problem = '', ...others] = updateProblemsOf('Pod', pod({ nodeName: 'a' }), pod({ nodeName: 'b' }));
    expect(others).toEqual([]);
    expect(problem).toContain(
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
    );
    expect(problem).toContain('"b"');
  });

  it('refuses another container', () => {
    expect(updateProblemsOf('Pod', pod({}), pod({}, [container(), container({ name: 'd' })]))).toEqual([
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ]);
  });
});

describe('the grace of a pod', () => {
  const { strategy } = definitionOf('Pod');
  it.each<[string, Sketch, number | undefined, number]>([
    ['its own', { spec: { nodeName: 'n', terminationGracePeriodSeconds: 7, containers: [] } }, undefined, 7],
    ['the client’s', { spec: { nodeName: 'n', containers: [] } }, 5, 5],
    ['none for the unscheduled', { spec: { containers: [] } }, 5, 0],
    ['none for the finished', { spec: { nodeName: 'n', containers: [] }, status: { phase: 'Failed' } }, 5, 0],
    ['the shortest for a negative one', { spec: { nodeName: 'n', containers: [] } }, -3, 1],
  ])('is %s', (_, fields, requested, expected) => {
    expect(strategy.gracePeriod?.(defaulted('Pod', fields), requested)).toBe(expected);
  });
});

describe('warnings about a pod', () => {
  it.each<[string, Sketch, string]>([
    [
      'a variable twice',
      pod({}, [
        container({
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        }),
      ]),
      'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ],
    [
      'a fraction of a byte',
      pod({}, [container({ resources: { requests: { memory: '100m' } } })]),
      'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
    ],
    [
      'a name with dots',
      { metadata: { name: 'a.b' }, ...pod({}) },
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ],
  ])('%s', (_, fields, expected) => {
    expect(definitionOf('Pod').strategy.warnings?.(prepared('Pod', fields), undefined)).toEqual([expected]);
  });

  it('has none for an ordinary one', () => {
    expect(definitionOf('Pod').strategy.warnings?.(prepared('Pod', pod({})), undefined)).toEqual([]);
  });
});
