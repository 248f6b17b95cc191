import { isDeepStrictEqual } from 'node:util';
import { dns1123SubdomainProblems, pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Role, RoleBinding } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, notSupported, required } from './field-error';

type Rule = NonNullable<Role['rules']>[number];
type Subject = NonNullable<RoleBinding['subjects']>[number];

const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** The rules of a role (pkg/apis/rbac/validation, `ValidatePolicyRule`). */
export function validateRules(rules: readonly Rule[] | undefined, clusterScoped: boolean): FieldError[] {
  return (rules ?? []).flatMap((rule, index) => {
    const at = `rules[${index}]`;
    const errors: FieldError[] = [];
    const { verbs = [], nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
    if (verbs.length === 0) errors.push(required(`${at}.verbs`, 'verbs must contain at least one value'));
    if (nonResourceURLs.length > 0) {
      if (!clusterScoped) {
        errors.push(
          invalid(`${at}.nonResourceURLs`, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'),
        );
      }
      if (apiGroups.length + resources.length + resourceNames.length > 0) {
        errors.push(
          invalid(
            `${at}.nonResourceURLs`,
            nonResourceURLs,
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        );
      }
      return errors;
    }
    if (apiGroups.length === 0) {
      errors.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (resources.length === 0) {
      errors.push(required(`${at}.resources`, 'resource rules must supply at least one resource'));
    }
    return errors;
  });
}

/** A binding's role and subjects (`ValidateRoleBinding`). */
export function validateBinding(
  binding: Pick<RoleBinding, 'roleRef' | 'subjects'>,
  roleKinds: readonly string[],
): FieldError[] {
  const errors: FieldError[] = [];
  const { apiGroup, kind, name } = binding.roleRef;
  if (apiGroup !== RBAC_GROUP) errors.push(notSupported('roleRef.apiGroup', apiGroup, [RBAC_GROUP]));
  if (!roleKinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind ?? '', roleKinds));
  if (!name) errors.push(required('roleRef.name'));
  else errors.push(...pathSegmentProblems(name).map((problem) => invalid('roleRef.name', name, problem)));
  for (const [index, subject] of (binding.subjects ?? []).entries()) {
    errors.push(...validateSubject(subject, `subjects[${index}]`));
  }
  return errors;
}

function validateSubject(subject: Subject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { kind, name, namespace, apiGroup = '' } = subject;
  if (!name) errors.push(required(`${path}.name`));
  switch (kind) {
    case 'ServiceAccount':
      if (name) errors.push(...dns1123SubdomainProblems(name).map((problem) => invalid(`${path}.name`, name, problem)));
      if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
      if (!namespace) errors.push(required(`${path}.namespace`));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== RBAC_GROUP) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [RBAC_GROUP]));
      break;
    default:
      errors.push(notSupported(`${path}.kind`, kind ?? '', ['ServiceAccount', 'User', 'Group']));
  }
  return errors;
}

/** A binding may not be turned to another role. */
export function validateRoleRefUpdate(roleRef: RoleBinding['roleRef'], old: RoleBinding['roleRef']): FieldError[] {
  if (isDeepStrictEqual(roleRef, old)) return [];
  // The message shows upstream's internal type, whose fields have no JSON names.
  const { apiGroup, kind, name } = roleRef;
  return [invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}
