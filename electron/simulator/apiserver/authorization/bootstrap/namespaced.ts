import type { Role, RoleBinding } from '../../../../../shared/kubernetes/objects';
import { eventsRule, READ, role, roleBinding, rule, toServiceAccount, toUser } from './rules';

// The roles that some namespaces start with (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go).

const SYSTEM = 'kube-system';
const PUBLIC = 'kube-public';
const LEAD = 'create get list update watch';

const leaderLocking = [
  rule(LEAD, 'coordination.k8s.io', 'leases'),
  rule(LEAD, 'coordination.k8s.io', 'leasecandidates'),
];

export const bootstrapRoles: readonly Role[] = [
  role(SYSTEM, 'extension-apiserver-authentication-reader', [
    rule(READ, 'core', 'configmaps', 'extension-apiserver-authentication'),
  ]),
  role(SYSTEM, 'system:controller:bootstrap-signer', [rule(READ, 'core', 'secrets')]),
  role(SYSTEM, 'system:controller:cloud-provider', [rule('create get list watch', 'core', 'configmaps')]),
  role(SYSTEM, 'system:controller:token-cleaner', [rule('delete get list watch', 'core', 'secrets'), eventsRule]),
  role(SYSTEM, 'system::leader-locking-kube-controller-manager', leaderLocking),
  role(SYSTEM, 'system::leader-locking-kube-scheduler', leaderLocking),
  role(PUBLIC, 'system:controller:bootstrap-signer', [
    rule(READ, 'core', 'configmaps'),
    rule('update', 'core', 'configmaps', 'cluster-info'),
    eventsRule,
  ]),
];

const account = (name: string) => toServiceAccount(SYSTEM, name);
const controllerManager = toUser('system:kube-controller-manager');
const scheduler = toUser('system:kube-scheduler');

export const bootstrapRoleBindings: readonly RoleBinding[] = [
  roleBinding(
    SYSTEM,
    'extension-apiserver-authentication-reader',
    [controllerManager, scheduler],
    'system::extension-apiserver-authentication-reader',
  ),
  roleBinding(SYSTEM, 'system::leader-locking-kube-controller-manager', [
    controllerManager,
    account('kube-controller-manager'),
    account('leader-election-controller'),
  ]),
  roleBinding(SYSTEM, 'system::leader-locking-kube-scheduler', [scheduler, account('kube-scheduler')]),
  roleBinding(SYSTEM, 'system:controller:bootstrap-signer', [account('bootstrap-signer')]),
  roleBinding(SYSTEM, 'system:controller:cloud-provider', [account('cloud-provider')]),
  roleBinding(SYSTEM, 'system:controller:token-cleaner', [account('token-cleaner')]),
  roleBinding(PUBLIC, 'system:controller:bootstrap-signer', [account('bootstrap-signer')]),
];
