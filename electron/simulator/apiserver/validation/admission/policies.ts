import { qualifiedNameProblems } from '../../../../../shared/kubernetes/label-syntax';
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
import { invalidFor } from '../values';
import { commonErrors, expressionErrors, keepsMatchConditions } from './policy-parts';

type Spec = NonNullable<ValidatingAdmissionPolicy['spec']>;
type Validation = NonNullable<Spec['validations']>[number];
type AuditAnnotation = NonNullable<Spec['auditAnnotations']>[number];
type Status = NonNullable<ValidatingAdmissionPolicy['status']>;

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
  return validate(policy, keepsMatchConditions(policy, old));
}

function validate({ metadata, spec = {} }: ValidatingAdmissionPolicy, ignoreMatchConditions: boolean): FieldError[] {
  const { paramKind, variables = [], validations = [], auditAnnotations = [] } = spec;
  const hasParams = paramKind !== undefined;
  const composed = composition();
  const errors = commonErrors(spec, composed, ignoreMatchConditions);
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
