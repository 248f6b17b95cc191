import { isDeepStrictEqual } from 'node:util';
import {
  dns1035LabelProblems,
  dns1123SubdomainProblems,
  qualifiedNameProblems,
} from '../../../../../shared/kubernetes/label-syntax';
import type { ValidatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import {
  BOOLEAN,
  type Composition,
  compileExpression,
  composition,
  type ReturnTypes,
  TEXT,
  TEXT_OR_NULL,
} from '../../admission/cel/compile';
import { validateConditions } from '../conditions';
import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error';
import { invalidFor, oneOf } from '../values';
import { FAILURE_POLICIES, validateMatchConditions, validateMatchResources } from './match';

type Spec = NonNullable<ValidatingAdmissionPolicy['spec']>;
type Validation = NonNullable<Spec['validations']>[number];
type AuditAnnotation = NonNullable<Spec['auditAnnotations']>[number];
type Variable = NonNullable<Spec['variables']>[number];
type Status = NonNullable<ValidatingAdmissionPolicy['status']>;
type ParamKind = NonNullable<Spec['paramKind']>;

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const MOST_ANNOTATIONS = 20;
const LONGEST_ANNOTATION = 5 * 1024;

/** `ValidateValidatingAdmissionPolicy` (pkg/apis/admissionregistration/validation/validation.go). */
export function validateValidatingAdmissionPolicy(policy: ValidatingAdmissionPolicy): FieldError[] {
  return validate(policy, false);
}

/** `ValidateValidatingAdmissionPolicyUpdate`: match conditions that stay are not looked at again. */
export function validateValidatingAdmissionPolicyUpdate(
  policy: ValidatingAdmissionPolicy,
  old: ValidatingAdmissionPolicy,
): FieldError[] {
  const { spec } = policy;
  return validate(
    policy,
    isDeepStrictEqual(spec?.paramKind, old.spec?.paramKind) &&
      isDeepStrictEqual(spec?.matchConditions ?? [], old.spec?.matchConditions ?? []),
  );
}

function validate({ metadata, spec = {} }: ValidatingAdmissionPolicy, ignoreMatchConditions: boolean): FieldError[] {
  const { failurePolicy, paramKind, matchConstraints, matchConditions, variables = [] } = spec;
  const { validations = [], auditAnnotations = [] } = spec;
  const hasParams = paramKind !== undefined;
  const composed = composition();
  const errors: FieldError[] = [
    ...failurePolicyErrors(failurePolicy),
    ...(paramKind === undefined ? [] : validateParamKind(paramKind, 'spec.paramKind')),
    ...constraintErrors(matchConstraints),
    ...(ignoreMatchConditions ? [] : validateMatchConditions(matchConditions, 'spec.matchConditions', hasParams)),
    ...validateVariables(variables, composed, hasParams),
  ];
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const detail = 'validations or auditAnnotations must contain at least one item';
    return [...errors, required('spec.validations', detail), required('spec.auditAnnotations', detail)];
  }
  const usable = variables.length > 0 ? composed : undefined;
  errors.push(
    ...validations.flatMap((validation, index) =>
      validateValidation(validation, `spec.validations[${index}]`, usable, hasParams),
    ),
  );
  if (auditAnnotations.length > MOST_ANNOTATIONS) {
    const shown = auditAnnotations.map(({ key, valueExpression }) => ({ Key: key, ValueExpression: valueExpression }));
    errors.push(
      invalid('spec.auditAnnotations', shown, `must not have more than ${MOST_ANNOTATIONS} auditAnnotations`),
    );
  }
  const keys = auditAnnotations.map(({ key }) => key);
  for (const [index, annotation] of auditAnnotations.entries()) {
    const at = `spec.auditAnnotations[${index}]`;
    errors.push(...validateAuditAnnotation(annotation, metadata.name ?? '', at, usable, hasParams));
    if (keys.indexOf(annotation.key) < index) errors.push(duplicate(`${at}.key`, annotation.key ?? ''));
  }
  return errors;
}

/** Of a policy of either sort. */
function failurePolicyErrors(policy: string | undefined): FieldError[] {
  if (policy === undefined) return [required('spec.failurePolicy')];
  return oneOf(policy, FAILURE_POLICIES, 'spec.failurePolicy');
}

/** What a policy of either sort is about, which some rule must say. */
function constraintErrors(constraints: Spec['matchConstraints']): FieldError[] {
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

/** `validateVariable`. @param composed where the variables are declared for the expressions after them. */
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

function validateValidation(
  validation: Validation,
  path: string,
  composed: Composition | undefined,
  hasParams: boolean,
): FieldError[] {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  const errors: FieldError[] = [];
  const check = (text: string, field: string, hasAuthorizer: boolean, types: ReturnTypes) =>
    errors.push(...expressionErrors(text, `${path}.${field}`, { hasParams, hasAuthorizer, composed }, types));
  if (expression.trim() === '') errors.push(required(`${path}.expression`, 'expression is not specified'));
  else check(expression, 'expression', true, BOOLEAN);
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(invalid(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified'));
  } else if (messageExpression !== '') check(messageExpression, 'messageExpression', false, TEXT);
  if (message !== '' && message.trim() === '') {
    errors.push(invalid(`${path}.message`, message, 'must be non-empty if specified'));
  } else if (/[\n\r]/.test(message.trim())) {
    errors.push(invalid(`${path}.message`, message, 'must not contain line breaks'));
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(`${path}.reason`, reason, REASONS));
  }
  return errors;
}

/** What is wrong with an expression that has to answer one of the types. */
function expressionErrors(
  expression: string,
  path: string,
  options: Parameters<typeof compileExpression>[1],
  types: ReturnTypes,
): FieldError[] {
  const compiled = compileExpression(expression, options, types);
  return 'error' in compiled ? [invalid(path, expression, compiled.error)] : [];
}

function validateAuditAnnotation(
  { key = '', valueExpression = '' }: AuditAnnotation,
  policyName: string,
  path: string,
  composed: Composition | undefined,
  hasParams: boolean,
): FieldError[] {
  const errors =
    policyName === ''
      ? [invalid(`${path}.key`, key, 'requires metadata.name be non-empty')]
      : invalidFor(`${path}.key`, `${policyName}/${key}`, qualifiedNameProblems);
  const trimmed = valueExpression.trim();
  if (trimmed === '') {
    errors.push(required(`${path}.valueExpression`, 'valueExpression is not specified'));
  } else if (Buffer.byteLength(trimmed) > LONGEST_ANNOTATION) {
    errors.push(required(`${path}.valueExpression`, `must not exceed ${LONGEST_ANNOTATION} bytes in length`));
  } else {
    const compiled = compileExpression(trimmed, { hasParams, hasAuthorizer: true, composed }, TEXT_OR_NULL);
    if ('error' in compiled) errors.push(invalid(`${path}.valueExpression`, valueExpression, compiled.error));
  }
  return errors;
}

/** `ValidateValidatingAdmissionPolicyStatusUpdate`. */
export function validateValidatingAdmissionPolicyStatus({ status }: { readonly status?: Status }): FieldError[] {
  const warnings = status?.typeChecking?.expressionWarnings ?? [];
  return [
    ...warnings.flatMap(({ warning, fieldRef = '' }, index) => {
      const at = `status.typeChecking.expressionWarnings[${index}]`;
      return [
        ...(warning ? [] : [required(`${at}.warning`)]),
        ...(fieldRef.trim() === '' ? [required(`${at}.fieldRef`)] : []),
      ];
    }),
    ...validateConditions(status?.conditions, 'status.conditions'),
  ];
}
