import { isPodFinished } from '../../../shared/kubernetes/conditions';
import type { Pod } from '../../../shared/kubernetes/objects';
import { qosClassOf } from '../../../shared/kubernetes/qos';
import { pods } from '../../../shared/kubernetes/resources';
import { countName, type Evaluator, type Scope, scopeMatches } from './evaluator';
import { hasPodLevelResources, podResources } from './pod-resources';
import { add, equal, type ResourceList } from './resource-list';

type Container = NonNullable<Pod['spec']>['containers'][number];
type AffinityTerm = { namespaces?: readonly string[]; namespaceSelector?: object };

const COUNT = countName(pods);
const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'];
const NAMES = new Set([
  COUNT,
  'pods',
  ...COMPUTE,
  ...COMPUTE.map((name) => `requests.${name}`),
  ...COMPUTE.map((name) => `limits.${name}`),
]);
/** Where a quota names these, each container must say what it wants. */
const DEMANDED = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory'];

/** pkg/quota/v1/evaluator/core/pods.go */
export const podEvaluator: Evaluator<Pod> = {
  handles({ operation, subresource, object, oldObject }) {
    if (subresource === 'resize') return operation === 'UPDATE';
    if (subresource !== '') return false;
    if (operation !== 'UPDATE') return operation === 'CREATE';
    return object !== undefined && oldObject !== undefined && hasDeadline(object) !== hasDeadline(oldObject);
  },
  matching: (names) =>
    names.filter(
      (name) =>
        NAMES.has(name) ||
        name.startsWith('hugepages-') ||
        name.startsWith('requests.hugepages-') ||
        (name.startsWith('requests.') && isExtended(name)),
    ),
  inScope,
  missing(required, pod) {
    if (hasPodLevelResources(pod)) return undefined;
    const demanded = DEMANDED.filter((name) => required.includes(name));
    const { containers = [], initContainers = [] } = pod.spec ?? {};
    const lacking = demanded.flatMap((name) => {
      const names = [...containers, ...initContainers].filter((each) => used(each)[name] === undefined);
      if (names.length === 0) return [];
      return [`${name} for: ${[...new Set(names.map((each) => each.name))].sort().join(',')}`];
    });
    return lacking.length === 0 ? undefined : `must specify ${lacking.join('; ')}`;
  },
  usage(pod, now) {
    // That it is there counts to its end; what it uses, only while it runs.
    if (!counts(pod, now)) return { [COUNT]: '1' };
    return add(computeUsage(podResources(pod, 'requests'), podResources(pod, 'limits')), { [COUNT]: '1' });
  },
  frees: (pod, previous, now) =>
    hasDeadline(pod) !== hasDeadline(previous) ||
    (counts(previous, now) && !counts(pod, now)) ||
    !equal(podEvaluator.usage(pod, now), podEvaluator.usage(previous, now)),
};

/** A pod that has ended, or should have long ago on a node that is lost, uses nothing (`QuotaV1Pod`). */
function counts(pod: Pod, now: number): boolean {
  if (isPodFinished(pod)) return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function used({ resources }: Container): ResourceList {
  return computeUsage(resources?.requests ?? {}, resources?.limits ?? {});
}

function computeUsage(requests: ResourceList, limits: ResourceList): ResourceList {
  const usage: Record<string, string> = { pods: '1' };
  for (const name of COMPUTE) {
    const request = requests[name];
    const limit = limits[name];
    if (request !== undefined) {
      usage[name] = request;
      usage[`requests.${name}`] = request;
    }
    if (limit !== undefined) usage[`limits.${name}`] = limit;
  }
  for (const [name, request] of Object.entries(requests)) {
    if (name.startsWith('hugepages-')) usage[name] = request;
    if (name.startsWith('hugepages-') || isExtended(name)) usage[`requests.${name}`] = request;
  }
  return usage;
}

/** A device or the like, which Kubernetes itself knows nothing of; or one of a device class, which counts as such. */
function isExtended(name: string): boolean {
  const bare = name.replace(/^requests\./, '');
  return (
    (name.includes('/') && !name.includes('kubernetes.io/')) || bare.startsWith('deviceclass.resource.kubernetes.io/')
  );
}

/** `Terminating` is the scope's name for pods that are bound to end by a deadline. */
function hasDeadline({ spec }: Pod): boolean {
  return (spec?.activeDeadlineSeconds ?? -1) >= 0;
}

function inScope(scope: Scope, pod: Pod): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return hasDeadline(pod);
    case 'NotTerminating':
      return !hasDeadline(pod);
    case 'BestEffort':
      return (pod.status?.qosClass ?? qosClassOf(pod)) === 'BestEffort';
    case 'NotBestEffort':
      return (pod.status?.qosClass ?? qosClassOf(pod)) !== 'BestEffort';
    case 'PriorityClass':
      return scopeMatches(scope, pod.spec?.priorityClassName || undefined);
    case 'CrossNamespacePodAffinity':
      return affinityTerms(pod).some(
        ({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined,
      );
    default:
      return false;
  }
}

function affinityTerms({ spec }: Pod): AffinityTerm[] {
  return [spec?.affinity?.podAffinity, spec?.affinity?.podAntiAffinity].flatMap((affinity) => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => each.podAffinityTerm),
  ]);
}
