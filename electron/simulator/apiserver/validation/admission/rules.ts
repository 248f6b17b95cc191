import { pathSegmentProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { ValidatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error';
import { invalidFor, oneOf } from '../values';

/** Which requests an admission webhook or policy is asked about (pkg/apis/admissionregistration/validation/validation.go). */
export type MatchResources = NonNullable<ValidatingAdmissionPolicy['spec']>['matchConstraints'];
type NamedRule = NonNullable<NonNullable<MatchResources>['resourceRules']>[number];
export type Rule = Omit<NamedRule, 'resourceNames'>;

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];

/** `validateRuleWithOperations`. */
export function validateRule(rule: Rule, path: string): FieldError[] {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  return [
    ...wildcardAlone(operations, `${path}.operations`, 'operations'),
    ...operations.flatMap((operation, index) =>
      OPERATIONS.includes(operation) ? [] : [notSupported(`${path}.operations[${index}]`, operation, OPERATIONS)],
    ),
    ...wildcardAlone(apiGroups, `${path}.apiGroups`, 'API groups'),
    ...wildcardAlone(apiVersions, `${path}.apiVersions`, 'API versions'),
    ...apiVersions.flatMap((version, index) => (version === '' ? [required(`${path}.apiVersions[${index}]`)] : [])),
    ...validateResources(resources, `${path}.resources`),
    ...oneOf(scope, SCOPES, `${path}.scope`),
  ];
}

function wildcardAlone(values: readonly string[], path: string, what: string): FieldError[] {
  if (values.length === 0) return [required(path)];
  if (values.length === 1 || !values.includes('*')) return [];
  return [invalid(path, values, `if '*' is present, must not specify other ${what}`)];
}

/** Resources and subresources: `pods`, `pods/log`, `pods/*`, and the same with `*` for either. */
function validateResources(resources: readonly string[], path: string): FieldError[] {
  if (resources.length === 0) return [required(path)];
  const errors: FieldError[] = [];
  const withAllSubresources = new Set<string>();
  const ofAllResources = new Set<string>();
  // Upstream looks at the last resource without a subresource only.
  let plain = false;
  for (const [index, text] of resources.entries()) {
    const at = `${path}[${index}]`;
    if (text === '') {
      errors.push(required(at));
      continue;
    }
    const slash = text.indexOf('/');
    if (slash < 0) {
      plain = text !== '*';
      continue;
    }
    const resource = text.slice(0, slash);
    const subresource = text.slice(slash + 1);
    if (withAllSubresources.has(resource)) {
      errors.push(invalid(at, text, `if '${resource}/*' is present, must not specify ${text}`));
    }
    if (ofAllResources.has(subresource)) {
      errors.push(invalid(at, text, `if '*/${subresource}' is present, must not specify ${text}`));
    }
    if (subresource === '*') withAllSubresources.add(resource);
    if (resource === '*') ofAllResources.add(subresource);
  }
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  if (resources.includes('*') && plain) {
    errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"));
  }
  return errors;
}

/** `validateNamedRuleWithOperations`. */
export function validateNamedRule(rule: NamedRule, path: string): FieldError[] {
  const { resourceNames = [] } = rule;
  return [
    ...resourceNames.flatMap((name, index) => [
      ...invalidFor(`${path}.resourceNames[${index}]`, name, pathSegmentProblems),
      ...(resourceNames.indexOf(name) < index ? [duplicate(`${path}.resourceNames[${index}]`, name)] : []),
    ]),
    ...validateRule(rule, path),
  ];
}
