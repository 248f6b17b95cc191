import type { Pod } from './objects';
import { compareQuantities } from './quantities';

type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COMPUTE = ['cpu', 'memory'];

/**
 * A pod's quality of service: the order in which pods are put out of a node that runs short
 * (pkg/apis/core/v1/helper/qos, `ComputePodQOS`).
 */
export function qosClassOf(pod: Pod): QosClass {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const lists = pod.spec?.resources === undefined ? containers.map(({ resources }) => resources) : [pod.spec.resources];
  const given = (list: Record<string, string> | undefined) =>
    COMPUTE.filter((name) => list?.[name] !== undefined && compareQuantities(list[name] ?? '0', '0') > 0);
  if (lists.every((list) => given(list?.requests).length === 0 && given(list?.limits).length === 0))
    return 'BestEffort';
  const guaranteed = lists.every((list) =>
    COMPUTE.every((name) => {
      const limit = list?.limits?.[name];
      const request = list?.requests?.[name] ?? limit;
      return limit !== undefined && request !== undefined && compareQuantities(limit, request) === 0;
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
