import type {
  CoreV1Event,
  EventsV1Event,
  ResourceV1ResourceClaim,
  V1APIService,
  V1beta1MutatingAdmissionPolicy,
  V1beta1MutatingAdmissionPolicyBinding,
  V1CertificateSigningRequest,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ComponentStatus,
  V1ConfigMap,
  V1ControllerRevision,
  V1CronJob,
  V1CSIDriver,
  V1CSINode,
  V1CSIStorageCapacity,
  V1DaemonSet,
  V1Deployment,
  V1DeviceClass,
  V1EndpointSlice,
  V1Endpoints,
  V1FlowSchema,
  V1HorizontalPodAutoscaler,
  V1Ingress,
  V1IngressClass,
  V1IPAddress,
  V1Job,
  V1Lease,
  V1LimitRange,
  V1MutatingWebhookConfiguration,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1ObjectMeta,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1PodTemplate,
  V1PriorityClass,
  V1PriorityLevelConfiguration,
  V1ReplicaSet,
  V1ReplicationController,
  V1ResourceClaimTemplate,
  V1ResourceQuota,
  V1ResourceSlice,
  V1Role,
  V1RoleBinding,
  V1RuntimeClass,
  V1Scale,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1ServiceCIDR,
  V1StatefulSet,
  V1Status,
  V1StorageClass,
  V1SubjectAccessReview,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
  V1ValidatingWebhookConfiguration,
  V1VolumeAttachment,
  V1VolumeAttributesClass,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/**
 * The JSON form of a `@kubernetes/client-node` model: times are RFC 3339 strings, and the names the generator had to
 * escape (`_from`, `_default`, …) are the API's own again.
 */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T as Key extends `_${infer Name}` ? Name : Key]: Json<T[Key]> }
      : T;

/** The standard metadata of every object, as it stands on the wire. */
export type ObjectMeta = Json<V1ObjectMeta>;

/** What every Kubernetes object has. The API server guarantees `metadata` on all it stores. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

type Model<T> = Json<Omit<T, 'metadata'>> & KubeObject;

export type CertificateSigningRequest = Model<V1CertificateSigningRequest>;
export type SubjectAccessReview = Model<V1SubjectAccessReview>;
export type Pod = Model<V1Pod>;
export type Node = Model<V1Node>;
export type Namespace = Model<V1Namespace>;
export type Event = Model<CoreV1Event>;
/** The same as its own group has it. */
export type EventV1 = Model<EventsV1Event>;
export type ConfigMap = Model<V1ConfigMap>;
export type Secret = Model<V1Secret>;
export type Service = Model<V1Service>;
export type ServiceAccount = Model<V1ServiceAccount>;
export type Endpoints = Model<V1Endpoints>;
export type PersistentVolume = Model<V1PersistentVolume>;
export type PersistentVolumeClaim = Model<V1PersistentVolumeClaim>;
export type ReplicationController = Model<V1ReplicationController>;
export type ResourceQuota = Model<V1ResourceQuota>;
export type LimitRange = Model<V1LimitRange>;
export type PodTemplate = Model<V1PodTemplate>;
export type Deployment = Model<V1Deployment>;
export type ReplicaSet = Model<V1ReplicaSet>;
export type StatefulSet = Model<V1StatefulSet>;
export type DaemonSet = Model<V1DaemonSet>;
export type ControllerRevision = Model<V1ControllerRevision>;
export type Job = Model<V1Job>;
export type CronJob = Model<V1CronJob>;
export type EndpointSlice = Model<V1EndpointSlice>;
export type StorageClass = Model<V1StorageClass>;
export type CSIDriver = Model<V1CSIDriver>;
export type CSINode = Model<V1CSINode>;
export type CSIStorageCapacity = Model<V1CSIStorageCapacity>;
export type VolumeAttributesClass = Model<V1VolumeAttributesClass>;
export type VolumeAttachment = Model<V1VolumeAttachment>;
export type Role = Model<V1Role>;
export type RoleBinding = Model<V1RoleBinding>;
export type ClusterRole = Model<V1ClusterRole>;
export type ClusterRoleBinding = Model<V1ClusterRoleBinding>;
export type Lease = Model<V1Lease>;
export type PriorityClass = Model<V1PriorityClass>;
export type RuntimeClass = Model<V1RuntimeClass>;
export type Ingress = Model<V1Ingress>;
export type IngressClass = Model<V1IngressClass>;
export type FlowSchema = Model<V1FlowSchema>;
export type PriorityLevelConfiguration = Model<V1PriorityLevelConfiguration>;
export type APIService = Model<V1APIService>;
export type ComponentStatus = Model<V1ComponentStatus>;
export type DeviceClass = Model<V1DeviceClass>;
export type ResourceClaim = Model<ResourceV1ResourceClaim>;
export type ResourceClaimTemplate = Model<V1ResourceClaimTemplate>;
export type ResourceSlice = Model<V1ResourceSlice>;
export type IPAddress = Model<V1IPAddress>;
export type ServiceCIDR = Model<V1ServiceCIDR>;
export type NetworkPolicy = Model<V1NetworkPolicy>;
export type ValidatingAdmissionPolicy = Model<V1ValidatingAdmissionPolicy>;
export type ValidatingAdmissionPolicyBinding = Model<V1ValidatingAdmissionPolicyBinding>;
export type MutatingAdmissionPolicy = Model<V1beta1MutatingAdmissionPolicy>;
export type MutatingAdmissionPolicyBinding = Model<V1beta1MutatingAdmissionPolicyBinding>;
export type ValidatingWebhookConfiguration = Model<V1ValidatingWebhookConfiguration>;
export type MutatingWebhookConfiguration = Model<V1MutatingWebhookConfiguration>;
export type PodDisruptionBudget = Model<V1PodDisruptionBudget>;
export type HorizontalPodAutoscaler = Model<V2HorizontalPodAutoscaler>;
/** How many replicas something has: what the `scale` of any kind is (`autoscaling/v1`). */
export type Scale = Model<V1Scale>;
/** The same in the group's first version. */
export type HorizontalPodAutoscalerV1 = Model<V1HorizontalPodAutoscaler>;

/** The body of every error answer, and of some successes (`meta/v1.Status`). */
export type Status = Json<V1Status>;

/** What a node or a container uses: quantities of `cpu` (in nanocores) and `memory` (in Ki). */
export type ResourceUsage = Readonly<Record<'cpu' | 'memory', string>>;

/** `metrics.k8s.io/v1beta1`: what a node used over the window that ended at the timestamp. */
export interface NodeMetrics extends KubeObject {
  readonly timestamp: string;
  /** As `15.021s`. */
  readonly window: string;
  readonly usage: ResourceUsage;
}

/** The same for a pod. */
export interface PodMetrics extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: ResourceUsage }[];
}
