import { qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from './field-error';
import { invalidFor } from './values';

/** `meta/v1.Condition`, as it may come in. */
interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

const STATUSES = ['False', 'True', 'Unknown'];
const REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const REASON_PATTERN = new RegExp(`^${REASON}$`);
const LONGEST_REASON = 1024;
const LONGEST_MESSAGE = 32 * 1024;

/** The conditions of kinds that use the common type (apimachinery's `ValidateConditions`). */
export function validateConditions(conditions: readonly Condition[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return (conditions ?? []).flatMap((condition, index) => {
    const at = `${path}[${index}]`;
    const type = condition.type ?? '';
    const repeated = seen.has(type) ? [duplicate(`${at}.type`, type)] : [];
    seen.add(type);
    return [...repeated, ...validateCondition(condition, at)];
  });
}

function validateCondition(condition: Condition, path: string): FieldError[] {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime, reason = '', message = '' } = condition;
  const errors = invalidFor(`${path}.type`, type, qualifiedNameProblems);
  if (!STATUSES.includes(status)) errors.push(notSupported(`${path}.status`, status, STATUSES));
  if (observedGeneration < 0) {
    errors.push(invalid(`${path}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'));
  }
  if (!lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`));
  if (reason === '') errors.push(required(`${path}.reason`));
  else {
    errors.push(...invalidFor(`${path}.reason`, reason, reasonProblems));
    if (reason.length > LONGEST_REASON) errors.push(tooLong(`${path}.reason`, LONGEST_REASON));
  }
  if (message.length > LONGEST_MESSAGE) errors.push(tooLong(`${path}.message`, LONGEST_MESSAGE));
  return errors;
}

function reasonProblems(reason: string): string[] {
  if (REASON_PATTERN.test(reason)) return [];
  return [
    `a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '${REASON}')`,
  ];
}
