import { describe, expect, it } from 'vitest';
import { contextWith, defaulted, definitionOf, prepared, problemsOf, type Sketch, updateProblemsOf } from './kinds';

const immutableText = 'field is immutable when `immutable` is set';
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };
const claim = (storage: string, more: Sketch = {}): Sketch => ({
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...more },
});

describe('defaults', () => {
  it.each<[string, Sketch, Sketch]>([
    ['Secret', { stringData: { a: 'x' }, data: { b: 'eQ==' } }, { type: 'Opaque', data: { a: 'eA==', b: 'eQ==' } }],
    ['Namespace', {}, { metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } } }],
    [
      'RoleBinding',
      { roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'User', name: 'jane' }] },
      { roleRef, subjects: [{ apiGroup: 'rbac.authorization.k8s.io' }] },
    ],
    ['StorageClass', { provisioner: 'p' }, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }],
    [
      'PersistentVolumeClaim',
      claim('1024Mi'),
      { spec: { volumeMode: 'Filesystem', resources: { requests: { storage: '1Gi' } } } },
    ],
    ['NetworkPolicy', { spec: { podSelector: {} } }, { spec: { policyTypes: ['Ingress'] } }],
    ['NetworkPolicy', { spec: { podSelector: {}, egress: [{}] } }, { spec: { policyTypes: ['Ingress', 'Egress'] } }],
    [
      'LimitRange',
      { spec: { limits: [{ type: 'Container', max: { cpu: '1000m' }, min: { memory: '1Mi' } }] } },
      { spec: { limits: [{ default: { cpu: '1' }, defaultRequest: { cpu: '1', memory: '1Mi' } }] } },
    ],
  ])('%s', (kind, fields, expected) => {
    expect(defaulted(kind, fields)).toMatchObject(expected);
  });

  it('drop a Secret’s plain text', () => {
    expect(defaulted('Secret', { stringData: { a: 'x' } })).not.toHaveProperty('stringData');
  });

  it('give a new Namespace its finalizer, and an update cannot take it', () => {
    const old = prepared('Namespace');
    expect(old).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
    const changed = defaulted('Namespace', { spec: { finalizers: [] } });
    definitionOf('Namespace').strategy.prepareForUpdate?.(changed, old, contextWith());
    expect(changed).toMatchObject({ spec: { finalizers: ['kubernetes'] } });
  });
});

describe('validation', () => {
  it.each<[string, string, Sketch, string[]]>([
    [
      'a key with a blank',
      'ConfigMap',
      { data: { 'a b': '' } },
      [
        "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ],
    ],
    [
      'a key in both maps',
      'ConfigMap',
      { data: { a: '' }, binaryData: { a: '' } },
      ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
    ],
    [
      'half a certificate',
      'Secret',
      { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
      ['data[tls.key]: Required value'],
    ],
    [
      'a rule that says nothing',
      'Role',
      { rules: [{}] },
      [
        'rules[0].verbs: Required value: verbs must contain at least one value',
        'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
        'rules[0].resources: Required value: resource rules must supply at least one resource',
      ],
    ],
    [
      'a path in a Role',
      'Role',
      { rules: [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }] },
      ['rules[0].nonResourceURLs: Invalid value: ["/metrics"]: namespaced rules cannot apply to non-resource URLs'],
    ],
    [
      'a Role for the whole cluster',
      'ClusterRoleBinding',
      { roleRef },
      ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
    ],
    [
      'an account without a namespace',
      'ClusterRoleBinding',
      { roleRef: { ...roleRef, kind: 'ClusterRole' }, subjects: [{ kind: 'ServiceAccount', name: 's' }] },
      ['subjects[0].namespace: Required value'],
    ],
    [
      'a claim without a size',
      'PersistentVolumeClaim',
      { spec: { accessModes: ['Sometimes'] } },
      [
        'spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec.resources[storage]: Required value',
      ],
    ],
    [
      'a volume without a source',
      'PersistentVolume',
      { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } } },
      ['spec: Required value: must specify a volume type'],
    ],
    [
      'an Ingress without rules',
      'Ingress',
      {},
      ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
    ],
    [
      'a peer of two kinds',
      'NetworkPolicy',
      { spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }] }] } },
      ['spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer'],
    ],
    [
      'the same taint twice',
      'Node',
      {
        spec: {
          taints: [
            { key: 'a', effect: 'NoSchedule' },
            { key: 'a', effect: 'NoSchedule' },
          ],
        },
      },
      [
        'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
      ],
    ],
  ])('refuses %s', (_, kind, fields, expected) => {
    expect(problemsOf(kind, fields)).toEqual(expected);
  });

  it.each<[string, string, Sketch, Sketch, string[]]>([
    [
      'an immutable ConfigMap',
      'ConfigMap',
      { immutable: true, data: { a: '1' } },
      { immutable: false, data: { a: '2' } },
      [`immutable: Forbidden: ${immutableText}`, `data: Forbidden: ${immutableText}`],
    ],
    ['a Secret’s type', 'Secret', { type: 'a' }, { type: 'b' }, ['type: Invalid value: "b": field is immutable']],
    [
      'a binding’s role',
      'RoleBinding',
      { roleRef },
      { roleRef: { ...roleRef, name: 'other' } },
      [
        'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"other"}: cannot change roleRef',
      ],
    ],
    [
      'a claim that is not bound',
      'PersistentVolumeClaim',
      claim('1Gi'),
      claim('2Gi'),
      [
        [
          'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
          '@@ -6,7 +6,7 @@',
          '  "Resources": {',
          '   "Limits": null,',
          '   "Requests": {',
          '-   "storage": "1Gi"',
          '+   "storage": "2Gi"',
          '   }',
          '  },',
          '  "VolumeName": "",',
          '',
        ].join('\n'),
      ],
    ],
    [
      'a class’s provisioner',
      'StorageClass',
      { provisioner: 'a' },
      { provisioner: 'b' },
      ['provisioner: Forbidden: updates to provisioner are forbidden.'],
    ],
    ['a priority', 'PriorityClass', { value: 1 }, { value: 2 }, ['value: Forbidden: may not be changed in an update.']],
  ])('keeps %s', (_, kind, before, after, expected) => {
    expect(updateProblemsOf(kind, before, after)).toEqual(expected);
  });

  it('lets the binder name a claim’s volume', () => {
    expect(updateProblemsOf('PersistentVolumeClaim', claim('1Gi'), claim('1Gi', { volumeName: 'v' }))).toEqual([]);
  });
});
