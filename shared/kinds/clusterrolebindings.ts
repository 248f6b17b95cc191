import type { ClusterRoleBinding } from '../kubernetes/objects';
import { clusterRoleBindings } from '../kubernetes/resources';
import { defineKind } from './kind';
import { bindingColumns, bindingRelations } from './rbac';

export const clusterRoleBindingKind = defineKind<ClusterRoleBinding>({
  resource: clusterRoleBindings,
  title: 'Cluster Role Bindings',
  about: 'A cluster role binding gives a cluster role to users, groups or service accounts, in the whole cluster.',
  shortNames: [],
  group: 'access',
  columns: bindingColumns<ClusterRoleBinding>(),
  health: () => ({ state: 'neutral', label: '' }),
  relations: bindingRelations,
});
