import type { ClusterRole, ClusterRoleBinding } from '../../../../../shared/kubernetes/objects';
import type { PolicyRule } from '../rule';
import { clusterRole, clusterRoleBinding, eventsRule, rule, toGroup, toUser, urlRule } from './rules';

// The roles that every cluster starts with (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).

const READ = 'get list watch';
const WRITE = 'create delete deletecollection patch update';
const READ_WRITE = 'create delete deletecollection get list patch update watch';
const AGGREGATE_TO = 'rbac.authorization.k8s.io/aggregate-to-';

const aggregateTo = (role: string) => ({ labels: { [`${AGGREGATE_TO}${role}`]: 'true' } });

const viewRules: PolicyRule[] = [
  rule(
    READ,
    'core',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
  ),
  rule(
    READ,
    'core',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
  ),
  rule(READ, 'core', 'namespaces'),
  rule(READ, 'discovery.k8s.io', 'endpointslices'),
  rule(
    READ,
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
  ),
  rule(READ, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
  rule(READ, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
  rule(
    READ,
    'extensions',
    'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
  ),
  rule(READ, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
  rule(READ, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
];

const editRules: PolicyRule[] = [
  rule(READ, 'core', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  rule('impersonate', 'core', 'serviceaccounts'),
  rule(WRITE, 'core', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
  rule('create', 'core', 'pods/eviction'),
  rule(
    WRITE,
    'core',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
  ),
  rule('create', 'core', 'serviceaccounts/token'),
  rule(
    WRITE,
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
  ),
  rule(WRITE, 'autoscaling', 'horizontalpodautoscalers'),
  rule(WRITE, 'batch', 'cronjobs jobs'),
  rule(
    WRITE,
    'extensions',
    'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
  ),
  rule(WRITE, 'policy', 'poddisruptionbudgets'),
  rule(WRITE, 'networking.k8s.io', 'ingresses networkpolicies'),
  rule(READ_WRITE, 'coordination.k8s.io', 'leases'),
];

const adminRules: PolicyRule[] = [
  rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
  rule(READ_WRITE, 'rbac.authorization.k8s.io', 'rolebindings roles'),
];

const delegation: PolicyRule[] = [
  rule('create', 'authentication.k8s.io', 'tokenreviews'),
  rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
];

/** A component's own Lease, for leader election. */
const leaderElection = (name: string): PolicyRule[] => [
  rule('create', 'coordination.k8s.io', 'leases'),
  rule('get update', 'coordination.k8s.io', 'leases', name),
];

const userRoles: ClusterRole[] = [
  clusterRole('cluster-admin', [rule('*', '*', '*'), urlRule('*', '*')]),
  // What the three gather from the roles below is written out at once: nobody waits for the aggregation controller.
  clusterRole('admin', [...adminRules, ...editRules, ...viewRules], { aggregates: `${AGGREGATE_TO}admin` }),
  clusterRole('edit', [...editRules, ...viewRules], { ...aggregateTo('admin'), aggregates: `${AGGREGATE_TO}edit` }),
  clusterRole('view', viewRules, { ...aggregateTo('edit'), aggregates: `${AGGREGATE_TO}view` }),
  clusterRole('system:aggregate-to-admin', adminRules, aggregateTo('admin')),
  clusterRole('system:aggregate-to-edit', editRules, aggregateTo('edit')),
  clusterRole('system:aggregate-to-view', viewRules, aggregateTo('view')),
  clusterRole('system:basic-user', [
    rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
    rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
  ]),
  clusterRole('system:discovery', [
    urlRule('get', '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/'),
  ]),
  clusterRole('system:public-info-viewer', [urlRule('get', '/healthz /livez /readyz /version /version/')]),
  clusterRole('system:monitoring', [
    urlRule('get', '/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*'),
  ]),
  clusterRole('system:service-account-issuer-discovery', [
    urlRule('get', '/.well-known/openid-configuration /openid/v1/jwks'),
  ]),
  clusterRole('system:auth-delegator', delegation),
];

const componentRoles: ClusterRole[] = [
  clusterRole('system:kube-aggregator', [rule(READ, 'core', 'endpoints services')]),
  clusterRole('system:kube-controller-manager', [
    eventsRule,
    ...leaderElection('kube-controller-manager'),
    rule('create', 'core', 'secrets serviceaccounts'),
    rule('delete', 'core', 'secrets'),
    rule('get', 'core', 'configmaps namespaces secrets serviceaccounts'),
    rule('update', 'core', 'secrets serviceaccounts'),
    ...delegation,
    rule('list watch', '*', '*'),
    rule('create', 'core', 'serviceaccounts/token'),
  ]),
  clusterRole('system:kube-dns', [rule('list watch', 'core', 'endpoints services')]),
  clusterRole('system:kube-scheduler', [
    eventsRule,
    ...leaderElection('kube-scheduler'),
    rule(READ, 'core', 'nodes'),
    rule('delete get list watch', 'core', 'pods'),
    rule('create', 'core', 'bindings pods/binding'),
    rule('patch update', 'core', 'pods/status'),
    rule(READ, 'core', 'replicationcontrollers services'),
    rule(READ, 'apps extensions', 'replicasets'),
    rule(READ, 'apps', 'statefulsets'),
    rule(READ, 'policy', 'poddisruptionbudgets'),
    rule(READ, 'core', 'persistentvolumeclaims persistentvolumes'),
    ...delegation,
    rule(READ, 'storage.k8s.io', 'csinodes'),
    rule(READ, 'core', 'namespaces'),
    rule(READ, 'storage.k8s.io', 'csidrivers'),
    rule(READ, 'storage.k8s.io', 'csistoragecapacities'),
  ]),
  clusterRole('system:kubelet-api-admin', [
    rule(READ, 'core', 'nodes'),
    rule('proxy', 'core', 'nodes'),
    rule('*', 'core', 'nodes/log nodes/metrics nodes/proxy nodes/stats'),
  ]),
  clusterRole('system:node', [
    rule('create', 'authentication.k8s.io', 'tokenreviews'),
    rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews subjectaccessreviews'),
    rule(READ, 'core', 'services'),
    rule('create get list watch', 'core', 'nodes'),
    rule('patch update', 'core', 'nodes/status'),
    rule('patch update', 'core', 'nodes'),
    rule('create patch update', 'core', 'events'),
    rule(READ, 'core', 'pods'),
    rule('create delete', 'core', 'pods'),
    rule('patch update', 'core', 'pods/status'),
    rule('create', 'core', 'pods/eviction'),
    rule(READ, 'core', 'configmaps secrets'),
    rule('get', 'core', 'persistentvolumeclaims persistentvolumes'),
    rule('get', 'core', 'endpoints'),
    rule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
    rule('create delete get patch update', 'coordination.k8s.io', 'leases'),
    rule('get', 'storage.k8s.io', 'volumeattachments'),
    rule('create', 'core', 'serviceaccounts/token'),
    rule('get patch update', 'core', 'persistentvolumeclaims/status'),
    rule(READ, 'storage.k8s.io', 'csidrivers'),
    rule('create delete get patch update', 'storage.k8s.io', 'csinodes'),
    rule(READ, 'node.k8s.io', 'runtimeclasses'),
  ]),
  clusterRole('system:node-bootstrapper', [
    rule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
  ]),
  clusterRole('system:node-problem-detector', [
    rule('get', 'core', 'nodes'),
    rule('patch', 'core', 'nodes/status'),
    eventsRule,
  ]),
  clusterRole('system:node-proxier', [
    rule('list watch', 'core', 'endpoints services'),
    rule(READ, 'core', 'nodes'),
    eventsRule,
    rule('list watch', 'discovery.k8s.io', 'endpointslices'),
    rule('list watch', 'networking.k8s.io', 'servicecidrs'),
  ]),
  clusterRole('system:persistent-volume-provisioner', [
    rule('create delete get list watch', 'core', 'persistentvolumes'),
    rule('get list update watch', 'core', 'persistentvolumeclaims'),
    rule(READ, 'storage.k8s.io', 'storageclasses'),
    rule('watch', 'core', 'events'),
    eventsRule,
  ]),
  clusterRole('system:volume-scheduler', [
    rule('get list patch update watch', 'core', 'persistentvolumes'),
    rule(READ, 'storage.k8s.io', 'storageclasses'),
    rule('get list patch update watch', 'core', 'persistentvolumeclaims'),
  ]),
];

export const bootstrapClusterRoles: readonly ClusterRole[] = [...userRoles, ...componentRoles];

export const bootstrapClusterRoleBindings: readonly ClusterRoleBinding[] = [
  clusterRoleBinding('cluster-admin', [toGroup('system:masters')]),
  clusterRoleBinding('system:monitoring', [toGroup('system:monitoring')]),
  clusterRoleBinding('system:discovery', [toGroup('system:authenticated')]),
  clusterRoleBinding('system:basic-user', [toGroup('system:authenticated')]),
  clusterRoleBinding('system:public-info-viewer', [toGroup('system:authenticated'), toGroup('system:unauthenticated')]),
  clusterRoleBinding('system:node-proxier', [toUser('system:kube-proxy')]),
  clusterRoleBinding('system:kube-controller-manager', [toUser('system:kube-controller-manager')]),
  clusterRoleBinding('system:kube-dns', [{ kind: 'ServiceAccount', namespace: 'kube-system', name: 'kube-dns' }]),
  clusterRoleBinding('system:kube-scheduler', [toUser('system:kube-scheduler')]),
  clusterRoleBinding('system:volume-scheduler', [toUser('system:kube-scheduler')]),
  clusterRoleBinding('system:service-account-issuer-discovery', [toGroup('system:serviceaccounts')]),
  // Upstream's node authorizer looks at what each node's pods refer to; here the role decides, for all nodes alike.
  clusterRoleBinding('system:node', [toGroup('system:nodes')]),
  // As kubeadm makes it, for the person's own certificate.
  clusterRoleBinding('cluster-admin', [toGroup('kubeadm:cluster-admins')], 'kubeadm:cluster-admins'),
];
