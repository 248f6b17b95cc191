import { LONGEST_MANAGER, managerOfUserAgent } from '../managed-fields/manager';
import { invalid } from '../status-errors';
import type { FieldError } from '../validation/field-error';
import type { Exchange } from './exchange';

/**
 * Who makes a write: the `fieldManager` parameter, or the client's program.
 * @throws StatusError 422 for a name that cannot be (apimachinery/pkg/apis/meta/v1/validation ValidateFieldManager).
 */
export function fieldManager({ query, info, request }: Exchange): string {
  const name = query.get('fieldManager') ?? '';
  const errors: FieldError[] = [];
  if (Buffer.byteLength(name) > LONGEST_MANAGER) {
    errors.push({
      type: 'FieldValueTooLong',
      field: 'fieldManager',
      message: `Too long: may not be more than ${LONGEST_MANAGER} bytes`,
    });
  } else if (/\p{C}/u.test(name)) {
    const problem = 'should only contain printable characters';
    errors.push({
      type: 'FieldValueInvalid',
      field: 'fieldManager',
      message: `Invalid value: ${JSON.stringify(name)}: ${problem}`,
    });
  }
  refuse(info.verb, errors);
  return name || managerOfUserAgent(request.headers['user-agent']);
}

/**
 * What only an apply may say, and must.
 * @returns whether it takes fields that others have.
 * @throws StatusError 422.
 */
export function applyOptions({ query }: Exchange, isApply: boolean): { force: boolean } {
  const force = query.get('force');
  if (isApply && !query.get('fieldManager')) {
    const message = 'Required value: is required for apply patch';
    refuse('patch', [{ type: 'FieldValueRequired', field: 'fieldManager', message }]);
  }
  if (!isApply && force !== null) {
    const message = 'Forbidden: may not be specified for non-apply patch';
    refuse('patch', [{ type: 'FieldValueForbidden', field: 'force', message }]);
  }
  return { force: force !== null && ['', '1', 't', 'true'].includes(force.toLowerCase()) };
}

const OPTIONS: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

function refuse(verb: string, errors: readonly FieldError[]): void {
  const kind = OPTIONS[verb];
  if (kind !== undefined && errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
}
