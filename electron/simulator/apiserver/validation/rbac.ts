import { isDeepStrictEqual } from 'node:util';
import { dns1123SubdomainProblems, pathSegmentProblems } from '../../../../shared/kubernetes/label-syntax';
import type { ClusterRole, Role, RoleBinding } from '../../../../shared/kubernetes/objects';
import { type FieldError, invalid, notSupported, required } from './field-error';
import { validateLabelSelector } from './labels';
import { invalidFor } from './values';

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

/** Which roles go into an aggregate (`ValidateClusterRole`). */
export function validateAggregation({ aggregationRule }: ClusterRole): FieldError[] {
  if (aggregationRule === undefined) return [];
  const at = 'aggregationRule.clusterRoleSelectors';
  const { clusterRoleSelectors: selectors = [] } = aggregationRule;
  if (selectors.length === 0) {
    return [required(at, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  }
  return selectors.flatMap((selector, index) => {
    const errors = validateLabelSelector(selector, `${at}[${index}]`);
    return errors.length === 0 ? [] : [...errors, invalid(`${at}[${index}]`, null, 'invalid label selector.')];
  });
}

/** A binding's role and subjects (`ValidateRoleBinding` and `ValidateClusterRoleBinding`). */
export function validateBinding(
  { roleRef, subjects = [] }: Pick<RoleBinding, 'roleRef' | 'subjects'>,
  roleKinds: readonly string[],
  namespaced: boolean,
): FieldError[] {
  const { apiGroup = '', kind = '', name } = roleRef;
  return [
    ...(apiGroup === RBAC_GROUP ? [] : [notSupported('roleRef.apiGroup', apiGroup, [RBAC_GROUP])]),
    ...(roleKinds.includes(kind) ? [] : [notSupported('roleRef.kind', kind, roleKinds)]),
    ...(name ? invalidFor('roleRef.name', name, (text) => pathSegmentProblems(text)) : [required('roleRef.name')]),
    ...subjects.flatMap((subject, index) => validateSubject(subject, namespaced, `subjects[${index}]`)),
  ];
}

/** `ValidateRoleBindingSubject`. */
function validateSubject(subject: Subject, namespaced: boolean, path: string): FieldError[] {
  const { kind = '', name, namespace, apiGroup = '' } = subject;
  const errors = name ? [] : [required(`${path}.name`)];
  switch (kind) {
    case 'ServiceAccount':
      if (name) errors.push(...invalidFor(`${path}.name`, name, dns1123SubdomainProblems));
      if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
      // Else it is one of the binding's own namespace.
      if (!namespaced && !namespace) errors.push(required(`${path}.namespace`));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== RBAC_GROUP) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [RBAC_GROUP]));
      break;
    default:
      errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
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
