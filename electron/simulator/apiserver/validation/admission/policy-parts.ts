import { isDeepStrictEqual } from 'node:util';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { ValidatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import { type Composition, compileExpression, type ReturnTypes } from '../../admission/cel/compile';
import { type FieldError, invalid, required } from '../field-error';
import { oneOf } from '../values';
import { FAILURE_POLICIES, validateMatchConditions, validateMatchResources } from './match';
import type { MatchResources } from './rules';

/** What policies of both sorts have in common (pkg/apis/admissionregistration/validation/validation.go). */

type Spec = NonNullable<ValidatingAdmissionPolicy['spec']>;
type Variable = NonNullable<Spec['variables']>[number];
type ParamKind = NonNullable<Spec['paramKind']>;

interface AnyPolicy {
  readonly spec?: Pick<Spec, 'failurePolicy' | 'paramKind' | 'matchConstraints' | 'matchConditions' | 'variables'>;
}

/** Whether an update keeps match conditions that were let through before: they are not looked at again. */
export function keepsMatchConditions({ spec }: AnyPolicy, { spec: old }: AnyPolicy): boolean {
  return (
    isDeepStrictEqual(spec?.paramKind, old?.paramKind) &&
    isDeepStrictEqual(spec?.matchConditions ?? [], old?.matchConditions ?? [])
  );
}

/**
 * What is wrong with the parts that policies of both sorts have.
 * @param composed where the variables are declared for the expressions after them.
 * @param operationErrors what one sort has against the operations that the other may be about.
 */
export function commonErrors(
  spec: NonNullable<AnyPolicy['spec']>,
  composed: Composition,
  ignoreMatchConditions: boolean,
  operationErrors: (constraints: MatchResources, path: string) => FieldError[] = () => [],
): FieldError[] {
  const { failurePolicy, paramKind, matchConstraints, matchConditions, variables = [] } = spec;
  const hasParams = paramKind !== undefined;
  return [
    ...failurePolicyErrors(failurePolicy),
    ...(paramKind === undefined ? [] : validateParamKind(paramKind, 'spec.paramKind')),
    ...constraintErrors(matchConstraints),
    ...operationErrors(matchConstraints, 'spec.matchConstraints'),
    ...(ignoreMatchConditions ? [] : validateMatchConditions(matchConditions, 'spec.matchConditions', hasParams)),
    ...validateVariables(variables, composed, hasParams),
  ];
}

function failurePolicyErrors(policy: string | undefined): FieldError[] {
  if (policy === undefined) return [required('spec.failurePolicy')];
  return oneOf(policy, FAILURE_POLICIES, 'spec.failurePolicy');
}

/** What a policy is about, which some rule must say. */
function constraintErrors(constraints: MatchResources): FieldError[] {
  if (constraints === undefined) return [required('spec.matchConstraints')];
  const errors = validateMatchResources(constraints, 'spec.matchConstraints');
  if ((constraints.resourceRules ?? []).length === 0) errors.push(required('spec.matchConstraints.resourceRules'));
  return errors;
}

/** `validateParamKind`. */
function validateParamKind({ apiVersion = '', kind = '' }: ParamKind, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const parts = apiVersion.split('/');
  if (apiVersion === '') errors.push(required(`${path}.apiVersion`));
  else if (parts.length > 2) {
    errors.push(invalid(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  } else {
    const [group, version] = parts.length === 2 ? parts : ['', parts[0]];
    const groupProblems = group ? dns1123SubdomainProblems(group) : [];
    if (groupProblems.length > 0) errors.push(invalid(`${path}.apiVersion`, group, groupProblems.join(',')));
    if (!version) errors.push(invalid(`${path}.apiVersion`, apiVersion, 'version must be specified'));
    else {
      const problems = dns1035LabelProblems(version);
      if (problems.length > 0) errors.push(invalid(`${path}.apiVersion`, version, problems.join(',')));
    }
  }
  if (kind === '') return [...errors, required(`${path}.kind`)];
  const problems = dns1035LabelProblems(kind.toLowerCase());
  if (problems.length > 0) {
    const detail = `may have mixed case, but should otherwise match: ${problems.join(',')}`;
    errors.push(invalid(`${path}.kind`, kind, detail));
  }
  return errors;
}

const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** `validateVariable`. */
function validateVariables(variables: readonly Variable[], composed: Composition, hasParams: boolean): FieldError[] {
  return variables.flatMap(({ name = '', expression = '' }, index) => {
    const at = `spec.variables[${index}]`;
    const errors: FieldError[] = [];
    if (name.trim() === '') errors.push(required(`${at}.name`, 'name is not specified'));
    else if (!IDENTIFIER.test(name) || RESERVED.has(name)) {
      errors.push(invalid(`${at}.name`, name, 'must be a valid CEL identifier'));
    }
    if (expression.trim() === '') return [...errors, required(`${at}.expression`, 'expression is not specified')];
    const { error } = composed.declare(name, expression, hasParams);
    return error === undefined ? errors : [...errors, invalid(`${at}.expression`, expression, error)];
  });
}

/** What is wrong with an expression that has to answer one of the types. */
export function expressionErrors(
  expression: string,
  path: string,
  options: Parameters<typeof compileExpression>[1],
  types: ReturnTypes,
): FieldError[] {
  const compiled = compileExpression(expression, options, types);
  return 'error' in compiled ? [invalid(path, expression, compiled.error)] : [];
}
