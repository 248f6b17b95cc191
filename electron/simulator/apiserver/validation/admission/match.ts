import { qualifiedNameProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { ValidatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import { BOOLEAN, compileExpression } from '../../admission/cel/compile';
import { duplicate, type FieldError, invalid, required, tooMany } from '../field-error';
import { validateLabelSelector } from '../labels';
import { invalidFor, oneOf } from '../values';
import { type MatchResources, validateNamedRule } from './rules';

export const FAILURE_POLICIES = ['Fail', 'Ignore'];
export const MATCH_POLICIES = ['Equivalent', 'Exact'];
const MUTATING_OPERATIONS = ['*', 'CONNECT', 'CREATE', 'UPDATE'];
const MOST_CONDITIONS = 64;

type MatchCondition = NonNullable<NonNullable<ValidatingAdmissionPolicy['spec']>['matchConditions']>[number];

/** `validateMatchResources`. */
export function validateMatchResources(match: MatchResources, path: string): FieldError[] {
  if (match === undefined) return [];
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = match;
  return [
    ...(matchPolicy === undefined ? [required(`${path}.matchPolicy`)] : []),
    ...oneOf(matchPolicy, MATCH_POLICIES, `${path}.matchPolicy`),
    ...(namespaceSelector === undefined
      ? [required(`${path}.namespaceSelector`)]
      : validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`)),
    ...(objectSelector === undefined
      ? [required(`${path}.objectSelector`)]
      : validateLabelSelector(objectSelector, `${path}.objectSelector`)),
    ...resourceRules.flatMap((rule, index) => validateNamedRule(rule, `${path}.resourceRules[${index}]`)),
    ...excludeResourceRules.flatMap((rule, index) => validateNamedRule(rule, `${path}.excludeResourceRules[${index}]`)),
  ];
}

/** Of what is deleted nothing can be changed: rules of mutating policies and their bindings cannot be about it. */
export function mutatingOperationErrors(match: MatchResources, path: string): FieldError[] {
  const operations = (match?.resourceRules ?? []).flatMap((rule) => rule.operations ?? []);
  return operations.flatMap((operation) => oneOf(operation, MUTATING_OPERATIONS, `${path}.resourceRules.operations`));
}

/** `validateMatchConditions`. @param hasParams whether the expressions may read `params`. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  path: string,
  hasParams: boolean,
): FieldError[] {
  const list = conditions ?? [];
  const names = list.map(({ name }) => name);
  return [
    ...(list.length > MOST_CONDITIONS ? [tooMany(path, list.length, MOST_CONDITIONS)] : []),
    ...list.flatMap(({ name, expression }, index) => {
      const at = `${path}[${index}]`;
      return [
        ...validateMatchExpression(expression ?? '', `${at}.expression`, hasParams),
        ...(name ? invalidFor(`${at}.name`, name, qualifiedNameProblems) : [required(`${at}.name`)]),
        ...(name && names.indexOf(name) < index ? [duplicate(`${at}.name`, name)] : []),
      ];
    }),
  ];
}

function validateMatchExpression(expression: string, path: string, hasParams: boolean): FieldError[] {
  const trimmed = expression.trim();
  if (trimmed === '') return [required(path)];
  const compiled = compileExpression(trimmed, { hasParams, hasAuthorizer: true }, BOOLEAN);
  return 'error' in compiled ? [invalid(path, trimmed, compiled.error)] : [];
}
