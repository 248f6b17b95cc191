import { LONGEST_MANAGER, managerOfUserAgent } from '../managed-fields/manager';
import { invalid as invalidObject } from '../status-errors';
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../validation/field-error';
import type { Exchange } from './exchange';
import { flag } from './list-options';

/** What becomes of fields that a kind does not have, and of those that stand twice. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** `meta/v1.CreateOptions`, `UpdateOptions` and `PatchOptions`, from a request's query. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** The `fieldManager` parameter, or the client's program. */
  readonly manager: string;
  readonly fieldValidation: FieldValidation;
  /** Whether an apply takes fields that others have. */
  readonly force: boolean;
  /** As admission is shown them. */
  readonly shown: Readonly<Record<string, unknown>>;
}

/**
 * @param patch for a PATCH: whether it is an apply.
 * @throws StatusError 422 (apimachinery/pkg/apis/meta/v1/validation/validation.go).
 */
export function writeOptions(
  { query, request }: Exchange,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  patch?: 'apply' | 'other',
): WriteOptions {
  const manager = query.get('fieldManager') ?? '';
  const force = flag(query, 'force');
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const errors: FieldError[] = [];
  if (patch === 'apply' && manager === '') {
    errors.push(required('fieldManager', 'is required for apply patch'));
  }
  if (patch === 'other' && force !== undefined) {
    errors.push(forbidden('force', 'may not be specified for non-apply patch'));
  }
  errors.push(...managerProblems(manager, 'fieldManager'), ...dryRunProblems(query.getAll('dryRun')));
  if (!isFieldValidation(fieldValidation)) {
    errors.push(notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  if (errors.length > 0 || !isFieldValidation(fieldValidation)) {
    throw invalidObject({ group: 'meta.k8s.io', kind }, '', errors);
  }
  return {
    dryRun: query.has('dryRun'),
    manager: manager || managerOfUserAgent(request.headers['user-agent']),
    fieldValidation,
    force: force === true,
    shown: {
      ...(query.has('dryRun') ? { dryRun: query.getAll('dryRun') } : {}),
      ...(manager === '' ? {} : { fieldManager: manager }),
      ...(query.get('fieldValidation') ? { fieldValidation } : {}),
    },
  };
}

function isFieldValidation(value: string): value is FieldValidation {
  return value === 'Ignore' || value === 'Warn' || value === 'Strict';
}

/** What is wrong with `dryRun`: it may be `All`, or not there. */
export function dryRunProblems(values: readonly unknown[]): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])];
}

/** What is wrong with a manager's name (ValidateFieldManager). */
function managerProblems(name: string, field: string): FieldError[] {
  const errors = Buffer.byteLength(name) > LONGEST_MANAGER ? [tooLong(field, LONGEST_MANAGER)] : [];
  let at = 0;
  for (const char of name) {
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)) {
      const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      errors.push(invalid(field, name, `invalid character U+${code} (at position ${at})`));
    }
    at += Buffer.byteLength(char);
  }
  return errors;
}
