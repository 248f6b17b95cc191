import type { KubeObject } from '../../../shared/kubernetes/objects';
import * as known from '../../../shared/kubernetes/resources';
import { groupVersionOf, type Resource } from '../../../shared/kubernetes/resources';

/** All resources whose objects may own, be owned, or stand in a namespace that goes away; not events, which do neither. */
export const ownableResources: readonly Resource<KubeObject>[] = [
  known.pods,
  known.nodes,
  known.namespaces,
  known.configMaps,
  known.secrets,
  known.services,
  known.serviceAccounts,
  known.endpoints,
  known.persistentVolumes,
  known.persistentVolumeClaims,
  known.replicationControllers,
  known.resourceQuotas,
  known.limitRanges,
  known.podTemplates,
  known.deployments,
  known.replicaSets,
  known.statefulSets,
  known.daemonSets,
  known.controllerRevisions,
  known.jobs,
  known.cronJobs,
  known.endpointSlices,
  known.storageClasses,
  known.csiDrivers,
  known.csiNodes,
  known.csiStorageCapacities,
  known.volumeAttributesClasses,
  known.volumeAttachments,
  known.roles,
  known.roleBindings,
  known.clusterRoles,
  known.clusterRoleBindings,
  known.leases,
  known.priorityClasses,
  known.validatingAdmissionPolicies,
  known.validatingAdmissionPolicyBindings,
  known.validatingWebhookConfigurations,
  known.mutatingWebhookConfigurations,
  known.runtimeClasses,
  known.ingresses,
  known.ingressClasses,
  known.apiServices,
  known.deviceClasses,
  known.resourceClaims,
  known.resourceClaimTemplates,
  known.resourceSlices,
  known.ipAddresses,
  known.flowSchemas,
  known.priorityLevelConfigurations,
  known.serviceCidrs,
  known.networkPolicies,
  known.podDisruptionBudgets,
  known.horizontalPodAutoscalers,
];

/** The resource of a kind, whatever the version of its group; `undefined` for kinds that are not built in. */
export function resourceOfKind(apiVersion: string, kind: string): Resource<KubeObject> | undefined {
  const { group } = groupVersionOf(apiVersion);
  return ownableResources.find((each) => each.kind === kind && each.group === group);
}
