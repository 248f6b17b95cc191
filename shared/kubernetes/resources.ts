import type * as k from './objects';

/**
 * A resource of the API: where objects of one kind are served. The type parameter ties the handle to the kind's
 * TypeScript type, so that a client's answers need no cast.
 */
export interface Resource<T extends k.KubeObject = k.KubeObject> {
  /** The API group, `''` for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural name in the URL: `pods`. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set: carries `T` for the type checker. */
  readonly objectType?: T;
}

function namespaced<T extends k.KubeObject>(
  group: string,
  version: string,
  resource: string,
  kind: string,
): Resource<T> {
  return { group, version, resource, kind, namespaced: true };
}

function clusterScoped<T extends k.KubeObject>(
  group: string,
  version: string,
  resource: string,
  kind: string,
): Resource<T> {
  return { group, version, resource, kind, namespaced: false };
}

/** `apps/v1`, or `v1` for the core group: what stands in an object's `apiVersion`. */
export function apiVersionOf(resource: Pick<Resource, 'group' | 'version'>): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** The other way: what an `apiVersion` says (`ParseGroupVersion` of k8s.io/apimachinery, without its refusals). */
export function groupVersionOf(apiVersion: string): Pick<Resource, 'group' | 'version'> {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/** `deployments.apps`, or `pods` for the core group: upstream's `GroupResource.String()`. */
export function groupResourceOf(resource: Pick<Resource, 'group' | 'resource'>): string {
  return resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`;
}

export const pods = namespaced<k.Pod>('', 'v1', 'pods', 'Pod');
export const nodes = clusterScoped<k.Node>('', 'v1', 'nodes', 'Node');
export const namespaces = clusterScoped<k.Namespace>('', 'v1', 'namespaces', 'Namespace');
export const events = namespaced<k.Event>('', 'v1', 'events', 'Event');
export const eventsV1 = namespaced<k.EventV1>('events.k8s.io', 'v1', 'events', 'Event');
export const componentStatuses = clusterScoped<k.ComponentStatus>('', 'v1', 'componentstatuses', 'ComponentStatus');
export const configMaps = namespaced<k.ConfigMap>('', 'v1', 'configmaps', 'ConfigMap');
export const secrets = namespaced<k.Secret>('', 'v1', 'secrets', 'Secret');
export const services = namespaced<k.Service>('', 'v1', 'services', 'Service');
export const serviceAccounts = namespaced<k.ServiceAccount>('', 'v1', 'serviceaccounts', 'ServiceAccount');
export const endpoints = namespaced<k.Endpoints>('', 'v1', 'endpoints', 'Endpoints');
export const persistentVolumes = clusterScoped<k.PersistentVolume>('', 'v1', 'persistentvolumes', 'PersistentVolume');
export const persistentVolumeClaims = namespaced<k.PersistentVolumeClaim>(
  '',
  'v1',
  'persistentvolumeclaims',
  'PersistentVolumeClaim',
);
export const replicationControllers = namespaced<k.ReplicationController>(
  '',
  'v1',
  'replicationcontrollers',
  'ReplicationController',
);
export const resourceQuotas = namespaced<k.ResourceQuota>('', 'v1', 'resourcequotas', 'ResourceQuota');
export const limitRanges = namespaced<k.LimitRange>('', 'v1', 'limitranges', 'LimitRange');
export const podTemplates = namespaced<k.PodTemplate>('', 'v1', 'podtemplates', 'PodTemplate');
export const deployments = namespaced<k.Deployment>('apps', 'v1', 'deployments', 'Deployment');
export const replicaSets = namespaced<k.ReplicaSet>('apps', 'v1', 'replicasets', 'ReplicaSet');
export const statefulSets = namespaced<k.StatefulSet>('apps', 'v1', 'statefulsets', 'StatefulSet');
export const daemonSets = namespaced<k.DaemonSet>('apps', 'v1', 'daemonsets', 'DaemonSet');
export const controllerRevisions = namespaced<k.ControllerRevision>(
  'apps',
  'v1',
  'controllerrevisions',
  'ControllerRevision',
);
export const jobs = namespaced<k.Job>('batch', 'v1', 'jobs', 'Job');
export const cronJobs = namespaced<k.CronJob>('batch', 'v1', 'cronjobs', 'CronJob');
export const endpointSlices = namespaced<k.EndpointSlice>('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice');
export const storageClasses = clusterScoped<k.StorageClass>('storage.k8s.io', 'v1', 'storageclasses', 'StorageClass');
export const csiDrivers = clusterScoped<k.CSIDriver>('storage.k8s.io', 'v1', 'csidrivers', 'CSIDriver');
export const csiStorageCapacities = namespaced<k.CSIStorageCapacity>(
  'storage.k8s.io',
  'v1',
  'csistoragecapacities',
  'CSIStorageCapacity',
);
export const volumeAttributesClasses = clusterScoped<k.VolumeAttributesClass>(
  'storage.k8s.io',
  'v1',
  'volumeattributesclasses',
  'VolumeAttributesClass',
);
export const csiNodes = clusterScoped<k.CSINode>('storage.k8s.io', 'v1', 'csinodes', 'CSINode');
export const volumeAttachments = clusterScoped<k.VolumeAttachment>(
  'storage.k8s.io',
  'v1',
  'volumeattachments',
  'VolumeAttachment',
);
export const roles = namespaced<k.Role>('rbac.authorization.k8s.io', 'v1', 'roles', 'Role');
export const roleBindings = namespaced<k.RoleBinding>('rbac.authorization.k8s.io', 'v1', 'rolebindings', 'RoleBinding');
export const clusterRoles = clusterScoped<k.ClusterRole>(
  'rbac.authorization.k8s.io',
  'v1',
  'clusterroles',
  'ClusterRole',
);
export const clusterRoleBindings = clusterScoped<k.ClusterRoleBinding>(
  'rbac.authorization.k8s.io',
  'v1',
  'clusterrolebindings',
  'ClusterRoleBinding',
);
export const certificateSigningRequests = clusterScoped<k.CertificateSigningRequest>(
  'certificates.k8s.io',
  'v1',
  'certificatesigningrequests',
  'CertificateSigningRequest',
);
export const subjectAccessReviews = clusterScoped<k.SubjectAccessReview>(
  'authorization.k8s.io',
  'v1',
  'subjectaccessreviews',
  'SubjectAccessReview',
);
export const leases = namespaced<k.Lease>('coordination.k8s.io', 'v1', 'leases', 'Lease');
export const priorityClasses = clusterScoped<k.PriorityClass>(
  'scheduling.k8s.io',
  'v1',
  'priorityclasses',
  'PriorityClass',
);
export const runtimeClasses = clusterScoped<k.RuntimeClass>('node.k8s.io', 'v1', 'runtimeclasses', 'RuntimeClass');
export const ingresses = namespaced<k.Ingress>('networking.k8s.io', 'v1', 'ingresses', 'Ingress');
export const ingressClasses = clusterScoped<k.IngressClass>(
  'networking.k8s.io',
  'v1',
  'ingressclasses',
  'IngressClass',
);
export const ipAddresses = clusterScoped<k.IPAddress>('networking.k8s.io', 'v1', 'ipaddresses', 'IPAddress');
export const serviceCidrs = clusterScoped<k.ServiceCIDR>('networking.k8s.io', 'v1', 'servicecidrs', 'ServiceCIDR');
export const networkPolicies = namespaced<k.NetworkPolicy>(
  'networking.k8s.io',
  'v1',
  'networkpolicies',
  'NetworkPolicy',
);
export const apiServices = clusterScoped<k.APIService>('apiregistration.k8s.io', 'v1', 'apiservices', 'APIService');
export const deviceClasses = clusterScoped<k.DeviceClass>('resource.k8s.io', 'v1', 'deviceclasses', 'DeviceClass');
export const resourceClaims = namespaced<k.ResourceClaim>('resource.k8s.io', 'v1', 'resourceclaims', 'ResourceClaim');
export const resourceClaimTemplates = namespaced<k.ResourceClaimTemplate>(
  'resource.k8s.io',
  'v1',
  'resourceclaimtemplates',
  'ResourceClaimTemplate',
);
export const resourceSlices = clusterScoped<k.ResourceSlice>(
  'resource.k8s.io',
  'v1',
  'resourceslices',
  'ResourceSlice',
);
export const flowSchemas = clusterScoped<k.FlowSchema>(
  'flowcontrol.apiserver.k8s.io',
  'v1',
  'flowschemas',
  'FlowSchema',
);
export const priorityLevelConfigurations = clusterScoped<k.PriorityLevelConfiguration>(
  'flowcontrol.apiserver.k8s.io',
  'v1',
  'prioritylevelconfigurations',
  'PriorityLevelConfiguration',
);
export const podDisruptionBudgets = namespaced<k.PodDisruptionBudget>(
  'policy',
  'v1',
  'poddisruptionbudgets',
  'PodDisruptionBudget',
);
export const horizontalPodAutoscalers = namespaced<k.HorizontalPodAutoscaler>(
  'autoscaling',
  'v2',
  'horizontalpodautoscalers',
  'HorizontalPodAutoscaler',
);
export const horizontalPodAutoscalersV1 = namespaced<k.HorizontalPodAutoscalerV1>(
  'autoscaling',
  'v1',
  'horizontalpodautoscalers',
  'HorizontalPodAutoscaler',
);

const ADMISSION = 'admissionregistration.k8s.io';
export const validatingAdmissionPolicies = clusterScoped<k.ValidatingAdmissionPolicy>(
  ADMISSION,
  'v1',
  'validatingadmissionpolicies',
  'ValidatingAdmissionPolicy',
);
export const validatingAdmissionPolicyBindings = clusterScoped<k.ValidatingAdmissionPolicyBinding>(
  ADMISSION,
  'v1',
  'validatingadmissionpolicybindings',
  'ValidatingAdmissionPolicyBinding',
);
export const mutatingAdmissionPolicies = clusterScoped<k.MutatingAdmissionPolicy>(
  ADMISSION,
  'v1beta1',
  'mutatingadmissionpolicies',
  'MutatingAdmissionPolicy',
);
export const mutatingAdmissionPolicyBindings = clusterScoped<k.MutatingAdmissionPolicyBinding>(
  ADMISSION,
  'v1beta1',
  'mutatingadmissionpolicybindings',
  'MutatingAdmissionPolicyBinding',
);
export const validatingWebhookConfigurations = clusterScoped<k.ValidatingWebhookConfiguration>(
  ADMISSION,
  'v1',
  'validatingwebhookconfigurations',
  'ValidatingWebhookConfiguration',
);
export const mutatingWebhookConfigurations = clusterScoped<k.MutatingWebhookConfiguration>(
  ADMISSION,
  'v1',
  'mutatingwebhookconfigurations',
  'MutatingWebhookConfiguration',
);

export const nodeMetrics = clusterScoped<k.NodeMetrics>('metrics.k8s.io', 'v1beta1', 'nodes', 'NodeMetrics');
export const podMetrics = namespaced<k.PodMetrics>('metrics.k8s.io', 'v1beta1', 'pods', 'PodMetrics');
