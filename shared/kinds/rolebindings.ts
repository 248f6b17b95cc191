import type { RoleBinding } from '../kubernetes/objects';
import { roleBindings } from '../kubernetes/resources';
import { defineKind } from './kind';
import { bindingColumns, bindingRelations } from './rbac';

export const roleBindingKind = defineKind<RoleBinding>({
  resource: roleBindings,
  title: 'Role Bindings',
  about: 'A role binding gives a role to users, groups or service accounts, in one namespace.',
  shortNames: [],
  group: 'access',
  columns: bindingColumns<RoleBinding>(),
  health: () => ({ state: 'neutral', label: '' }),
  relations: bindingRelations,
});
