import type { Status } from '../../../../shared/kubernetes/objects';
import { StatusError } from '../../../../shared/kubernetes/status-error';

/** What is answered to an identity that does not hold. It never says why. */
export const unauthorized = () => failure(401, 'Unauthorized', 'Unauthorized');

export const badRequest = (message: string) => failure(400, 'BadRequest', message);

export const conflict = (message: string, details: Status['details']) => failure(409, 'Conflict', message, details);

/** @param causes one a fault: the field, and what is wrong with it. */
export function invalid(
  kind: string,
  group: string,
  name: string,
  causes: readonly { field: string; message: string }[],
): StatusError {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return failure(422, 'Invalid', `${kind}.${group} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    group,
    kind,
    causes: causes.map((cause) => ({ reason: 'FieldValueInvalid', ...cause })),
  });
}

function failure(code: number, reason: string, message: string, details?: Status['details']): StatusError {
  return new StatusError({
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  });
}
