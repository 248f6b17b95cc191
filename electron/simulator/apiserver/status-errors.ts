import { messageOf } from '../../../shared/error-message';
import type { Status } from '../../../shared/kubernetes/objects';
import { groupResourceOf, type Resource } from '../../../shared/kubernetes/resources';
import { StatusError } from '../../../shared/kubernetes/status-error';
import { aggregateText } from './go-text';
import type { FieldError } from './validation/field-error';

/**
 * The API's errors, with the texts that clients read (k8s.io/apimachinery/pkg/api/errors). Each function makes one; the
 * caller throws it.
 */

type Details = NonNullable<Status['details']>;
type Named = Pick<Resource, 'group' | 'resource'>;

/** Any failure. Prefer a function of its own where there is one. */
export function failure(code: number, reason: string | undefined, message: string, details?: Details): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

function detailsOf(resource: Named, name: string, more?: Partial<Details>): Details {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.resource,
    ...more,
  };
}

export function notFound(resource: Named, name: string): StatusError {
  return failure(404, 'NotFound', `${groupResourceOf(resource)} "${name}" not found`, detailsOf(resource, name));
}

/** For a path or a resource that is not served. */
export function unknownPath(): StatusError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(resource: Named, name: string, prefix = ''): StatusError {
  const message = `${prefix}${groupResourceOf(resource)} "${name}" already exists`;
  return failure(409, 'AlreadyExists', message, detailsOf(resource, name));
}

/** When eight generated names were all taken. */
export function generatedNameTaken(resource: Named, name: string): StatusError {
  return failure(
    409,
    'AlreadyExists',
    `${groupResourceOf(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`,
    detailsOf(resource, name, { retryAfterSeconds: 1 }),
  );
}

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

/** A write against a version that is no longer the latest, or a failed precondition. */
export function conflict(resource: Named, name: string, why = MODIFIED): StatusError {
  const message = `Operation cannot be fulfilled on ${groupResourceOf(resource)} "${name}": ${why}`;
  return failure(409, 'Conflict', message, detailsOf(resource, name));
}

export function forbidden(resource: Named, name: string, why: string): StatusError {
  const subject = name === '' ? groupResourceOf(resource) : `${groupResourceOf(resource)} "${name}"`;
  return failure(403, 'Forbidden', `${subject} is forbidden: ${why}`, detailsOf(resource, name));
}

/** @param errors at least one. */
export function invalid(
  resource: Pick<Resource, 'group' | 'kind'>,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const list = aggregateText(errors.map((error) => `${error.field}: ${error.message}`));
  return failure(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    ...(resource.kind === '' ? {} : { kind: resource.kind }),
    causes: errors.map(({ type, field, message }) => ({ reason: type, message, field })),
  });
}

export function badRequest(message: string): StatusError {
  return failure(400, 'BadRequest', message);
}

/** An object that does not say its name where it must. */
export function undeterminable(name: string): StatusError {
  return badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
}

export function methodNotAllowed(): StatusError {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function expired(message: string): StatusError {
  return failure(410, 'Expired', message);
}

/** A version asked for that the store has not reached yet. */
export function versionTooLarge(wanted: number, current: number): StatusError {
  return failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    retryAfterSeconds: 1,
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
  });
}

export function tooLarge(limit: number): StatusError {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
}

export function internalError(message: string): StatusError {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** Any error as the Status a client is answered with. */
export function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  return internalError(messageOf(error)).status;
}
