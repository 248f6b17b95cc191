import type { KubeObject } from '../kubernetes/objects';
import { groupVersionOf } from '../kubernetes/resources';
import { clusterRoleBindingKind } from './clusterrolebindings';
import { clusterRoleKind } from './clusterroles';
import { configMapKind } from './configmaps';
import { cronJobKind } from './cronjobs';
import { daemonSetKind } from './daemonsets';
import { deploymentKind } from './deployments';
import { endpointSliceKind } from './endpointslices';
import { eventKind } from './events';
import { jobKind } from './jobs';
import type { KindDefinition } from './kind';
import { namespaceKind } from './namespaces';
import { nodeKind } from './nodes';
import { persistentVolumeClaimKind } from './persistentvolumeclaims';
import { persistentVolumeKind } from './persistentvolumes';
import { podKind } from './pods';
import { replicaSetKind } from './replicasets';
import { roleBindingKind } from './rolebindings';
import { roleKind } from './roles';
import { secretKind } from './secrets';
import { serviceAccountKind } from './serviceaccounts';
import { serviceKind } from './services';
import { statefulSetKind } from './statefulsets';
import { storageClassKind } from './storageclasses';

/**
 * Lets one list hold definitions of different kinds. Sound because a definition only ever gets objects that were read
 * from its own resource.
 */
function anyKind<T extends KubeObject>(kind: KindDefinition<T>): KindDefinition {
  return kind as unknown as KindDefinition;
}

/** All kinds the app knows, in the order of the sidebar. */
export const kinds: readonly KindDefinition[] = [
  anyKind(nodeKind),
  anyKind(namespaceKind),
  anyKind(eventKind),
  anyKind(podKind),
  anyKind(deploymentKind),
  anyKind(replicaSetKind),
  anyKind(statefulSetKind),
  anyKind(daemonSetKind),
  anyKind(jobKind),
  anyKind(cronJobKind),
  anyKind(configMapKind),
  anyKind(secretKind),
  anyKind(serviceKind),
  anyKind(endpointSliceKind),
  anyKind(persistentVolumeKind),
  anyKind(persistentVolumeClaimKind),
  anyKind(storageClassKind),
  anyKind(serviceAccountKind),
  anyKind(roleKind),
  anyKind(roleBindingKind),
  anyKind(clusterRoleKind),
  anyKind(clusterRoleBindingKind),
];

const byId = new Map(kinds.map((kind) => [kind.id, kind]));

/** @param id `pods`, `deployments.apps`. */
export function kindById(id: string): KindDefinition | undefined {
  return byId.get(id);
}

/** The kind of an owner reference or an involved object. */
export function kindByApi(apiVersion: string, kind: string): KindDefinition | undefined {
  const { group } = groupVersionOf(apiVersion);
  return kinds.find((candidate) => candidate.resource.kind === kind && candidate.resource.group === group);
}
