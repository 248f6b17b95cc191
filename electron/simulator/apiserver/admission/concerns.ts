import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { AdmissionRequest } from './plugin';

/**
 * The object of a write to a resource itself, not to a subresource.
 * @returns `undefined` when the request is about something else, or about another operation.
 */
export function written<T extends KubeObject>(
  request: AdmissionRequest,
  resource: Resource<T>,
  ...operations: ('CREATE' | 'UPDATE')[]
): T | undefined {
  const { attributes, operation } = request;
  if (attributes.resource !== resource.resource || attributes.group !== resource.group) return undefined;
  if (attributes.subresource !== '' || !(operations as string[]).includes(operation)) return undefined;
  // The path has said which kind it is.
  return request.object as T | undefined;
}
