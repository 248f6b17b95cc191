import { groupVersionOf } from '../../../../shared/kubernetes/resources';

/** How important a group version is: its group among groups, and it among the group's. */
export interface Priority {
  readonly group: number;
  readonly version: number;
}

/** What CustomResourceDefinitions define comes after all (pkg/controlplane/controller/crdregistration). */
export const CUSTOM_PRIORITY: Priority = { group: 1_000, version: 100 };

/**
 * Of the server's own group versions (pkg/controlplane/apiserver/aggregator.go and pkg/controlplane/apiserver/apis.go), and
 * of the aggregator's, which is served before all others.
 */
const PRIORITIES: Readonly<Record<string, readonly [group: number, version: number]>> = {
  v1: [18_000, 1],
  'apiregistration.k8s.io/v1': [18_000, 1],
  'apps/v1': [17_800, 15],
  'events.k8s.io/v1': [17_750, 15],
  'authentication.k8s.io/v1': [17_700, 15],
  'authorization.k8s.io/v1': [17_600, 15],
  'autoscaling/v2': [17_500, 30],
  'autoscaling/v1': [17_500, 15],
  'batch/v1': [17_400, 15],
  'certificates.k8s.io/v1': [17_300, 15],
  'networking.k8s.io/v1': [17_200, 15],
  'policy/v1': [17_100, 15],
  'rbac.authorization.k8s.io/v1': [17_000, 15],
  'storage.k8s.io/v1': [16_800, 15],
  'admissionregistration.k8s.io/v1': [16_700, 15],
  'admissionregistration.k8s.io/v1beta1': [16_700, 12],
  'apiextensions.k8s.io/v1': [16_700, 15],
  'scheduling.k8s.io/v1': [16_600, 15],
  'coordination.k8s.io/v1': [16_500, 15],
  'node.k8s.io/v1': [16_300, 15],
  'discovery.k8s.io/v1': [16_200, 15],
  'resource.k8s.io/v1': [16_200, 21],
  'flowcontrol.apiserver.k8s.io/v1': [16_100, 21],
};

/** @param groupVersion as `apps/v1`. */
export function priorityOf(groupVersion: string): Priority {
  const [group, version] = PRIORITIES[groupVersion] ?? [];
  return group === undefined || version === undefined ? CUSTOM_PRIORITY : { group, version };
}

let byGroup: ReadonlyMap<string, number> | undefined;

/** Of a group; groups of the same go by their names. */
export function groupPriority(group: string): number {
  byGroup ??= new Map(
    Object.entries(PRIORITIES).map(([groupVersion, [priority]]) => [groupVersionOf(groupVersion).group, priority]),
  );
  return byGroup.get(group) ?? CUSTOM_PRIORITY.group;
}
