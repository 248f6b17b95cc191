import type { FlowSchema, PriorityLevelConfiguration } from '../../../../shared/kubernetes/objects';

/**
 * The FlowSchemas and priority levels that every cluster has (apiserver/pkg/apis/flowcontrol/bootstrap/default.go): some must
 * be as they are, the others are a suggestion.
 */

type Rules = NonNullable<NonNullable<FlowSchema['spec']>['rules']>[number];
type Subject = Rules['subjects'][number];
type LevelSpec = NonNullable<PriorityLevelConfiguration['spec']>;

/** Says of such an object that it follows what the server knows of it. */
export const AUTO_UPDATE = 'apf.kubernetes.io/autoupdate-spec';

const metadata = (name: string) => ({ name, annotations: { [AUTO_UPDATE]: 'true' } });

const level = (name: string, spec: LevelSpec): PriorityLevelConfiguration => ({
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'PriorityLevelConfiguration',
  metadata: metadata(name),
  spec,
});

const queued = (name: string, shares: number, lendablePercent: number, queues: number, handSize = 6) =>
  level(name, {
    type: 'Limited',
    limited: {
      nominalConcurrencyShares: shares,
      lendablePercent,
      limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } },
    },
  });

function schema(
  name: string,
  levelName: string,
  matchingPrecedence: number,
  distinguisher: string | undefined,
  rules: Rules,
): FlowSchema {
  return {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'FlowSchema',
    metadata: metadata(name),
    spec: {
      priorityLevelConfiguration: { name: levelName },
      matchingPrecedence,
      ...(distinguisher === undefined ? {} : { distinguisherMethod: { type: distinguisher } }),
      rules: [rules],
    },
  };
}

const groups = (...names: string[]): Subject[] => names.map((name) => ({ kind: 'Group', group: { name } }));
const users = (...names: string[]): Subject[] => names.map((name) => ({ kind: 'User', user: { name } }));
const everybody = groups('system:unauthenticated', 'system:authenticated');
const systemAccounts: Subject[] = [{ kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'kube-system' } }];

const resources = (verbs: string[], group: string, names: string[], clusterScope: boolean) => ({
  verbs,
  apiGroups: [group],
  resources: names,
  ...(clusterScope ? { clusterScope } : {}),
  namespaces: ['*'],
});

const everything = (subjects: Subject[]): Rules => ({
  subjects,
  resourceRules: [resources(['*'], '*', ['*'], true)],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
});

export const mandatoryLevels: readonly PriorityLevelConfiguration[] = [
  level('catch-all', {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } },
  }),
  level('exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
];

export const suggestedLevels: readonly PriorityLevelConfiguration[] = [
  queued('system', 30, 33, 64),
  queued('node-high', 40, 25, 64),
  queued('leader-election', 10, 0, 16, 4),
  queued('workload-high', 40, 50, 128),
  queued('workload-low', 100, 90, 128),
  queued('global-default', 20, 50, 128),
];

export const mandatorySchemas: readonly FlowSchema[] = [
  schema('exempt', 'exempt', 1, undefined, everything(groups('system:masters'))),
  schema('catch-all', 'catch-all', 10_000, 'ByUser', everything(everybody)),
];

export const suggestedSchemas: readonly FlowSchema[] = [
  schema('system-nodes', 'system', 500, 'ByUser', everything(groups('system:nodes'))),
  schema('system-node-high', 'node-high', 400, 'ByUser', {
    subjects: groups('system:nodes'),
    resourceRules: [
      resources(['*'], '', ['nodes', 'nodes/status'], true),
      resources(['*'], 'coordination.k8s.io', ['leases'], false),
    ],
  }),
  schema('probes', 'exempt', 2, undefined, {
    subjects: everybody,
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
  }),
  schema('system-leader-election', 'leader-election', 100, 'ByUser', {
    subjects: [...users('system:kube-controller-manager', 'system:kube-scheduler'), ...systemAccounts],
    resourceRules: [resources(['get', 'create', 'update'], 'coordination.k8s.io', ['leases'], false)],
  }),
  schema(
    'kube-controller-manager',
    'workload-high',
    800,
    'ByNamespace',
    everything(users('system:kube-controller-manager')),
  ),
  schema('kube-scheduler', 'workload-high', 800, 'ByNamespace', everything(users('system:kube-scheduler'))),
  schema('kube-system-service-accounts', 'workload-high', 900, 'ByNamespace', everything(systemAccounts)),
  schema('service-accounts', 'workload-low', 9_000, 'ByUser', everything(groups('system:serviceaccounts'))),
  schema('global-default', 'global-default', 9_900, 'ByUser', everything(everybody)),
];
