import type { Role } from '../kubernetes/objects';
import { roles } from '../kubernetes/resources';
import { defineKind } from './kind';
import { ruleColumns } from './rbac';

export const roleKind = defineKind<Role>({
  resource: roles,
  title: 'Roles',
  about: 'A role lists what may be done with which objects of one namespace. It gives nothing until it is bound.',
  shortNames: [],
  group: 'access',
  columns: ruleColumns<Role>(),
  health: () => ({ state: 'neutral', label: '' }),
});
