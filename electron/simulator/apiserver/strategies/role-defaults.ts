import type { Role } from '../../../../shared/kubernetes/objects';

/** A role always has its rules. Go writes a list that has been stored without items as null. */
export function applyRoleDefaults(role: Role): void {
  if (role.rules === undefined || role.rules === null || role.rules.length === 0) Object.assign(role, { rules: null });
}
