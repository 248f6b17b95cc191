import type { ComponentType } from 'react';
import type { KubeObject } from '../../shared/kubernetes/objects';
import {
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  cronJobs,
  daemonSets,
  deployments,
  endpointSlices,
  events,
  groupResourceOf,
  jobs,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  type Resource,
  replicaSets,
  roleBindings,
  roles,
  secrets,
  serviceAccounts,
  services,
  statefulSets,
  storageClasses,
} from '../../shared/kubernetes/resources';
import { BindingSections, RoleSections, ServiceAccountSections } from './access/sections';
import { EventSections } from './cluster/event';
import { NamespaceSections } from './cluster/namespace';
import { ConfigMapSections } from './config/config-map';
import { SecretSections } from './config/secret';
import { EndpointSliceSections } from './network/endpoint-slice';
import { ServiceSections } from './network/service';
import { NodeSections } from './nodes/node';
import { ClaimSections, StorageClassSections, VolumeSections } from './storage/sections';
import { CronJobSections, JobSections } from './workloads/jobs';
import { PodSections } from './workloads/pod';
import { DaemonSetSections, DeploymentSections, ReplicaSetSections, StatefulSetSections } from './workloads/workloads';

/** What a kind's summary shows beyond the common parts. */
export type Sections<T extends KubeObject = KubeObject> = ComponentType<{ object: T }>;

/** Sound because a summary's object was read from the very resource that its sections are listed under. */
function entry<T extends KubeObject>(resource: Resource<T>, sections: Sections<T>): [string, Sections] {
  return [groupResourceOf(resource), sections as unknown as Sections];
}

const sections = new Map<string, Sections>([
  entry(pods, PodSections),
  entry(deployments, DeploymentSections),
  entry(replicaSets, ReplicaSetSections),
  entry(statefulSets, StatefulSetSections),
  entry(daemonSets, DaemonSetSections),
  entry(jobs, JobSections),
  entry(cronJobs, CronJobSections),
  entry(configMaps, ConfigMapSections),
  entry(secrets, SecretSections),
  entry(services, ServiceSections),
  entry(endpointSlices, EndpointSliceSections),
  entry(persistentVolumes, VolumeSections),
  entry(persistentVolumeClaims, ClaimSections),
  entry(storageClasses, StorageClassSections),
  entry(serviceAccounts, ServiceAccountSections),
  entry(roles, RoleSections),
  entry(clusterRoles, RoleSections),
  entry(roleBindings, BindingSections),
  entry(clusterRoleBindings, BindingSections),
  entry(nodes, NodeSections),
  entry(namespaces, NamespaceSections),
  entry(events, EventSections),
]);

/** @param kind a kind id; kinds without sections of their own show the common parts only */
export function sectionsOf(kind: string): Sections | undefined {
  return sections.get(kind);
}
