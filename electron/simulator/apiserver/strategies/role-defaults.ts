import type { Role } from '../../../../shared/kubernetes/objects';

/** A role always has its rules: Go writes a list that nobody filled as null. */
export function applyRoleDefaults(role: Role): void {
  if (role.rules === undefined) Object.assign(role, { rules: null });
}

/** Once it is stored, a list without items is one that nobody filled. */
export function emptyRules(role: Role): void {
  if (role.rules?.length === 0) Object.assign(role, { rules: null });
}
