import type { RequestAttributes } from '../request';
import { failure, forbidden } from '../status-errors';
import type { Authorizer } from './authorizer';

/**
 * @throws StatusError 403 when the request is not allowed, with the text that kubectl shows
 *   (apiserver/pkg/endpoints/handlers/responsewriters/errors.go).
 */
export function checkAllowed(authorizer: Authorizer, attributes: RequestAttributes): void {
  const decision = authorizer.authorize(attributes);
  if (decision.allowed) return;
  const reason = decision.reason === '' ? '' : `: ${decision.reason}`;
  const user = `User "${attributes.user.name}"`;
  if (!attributes.isResource) {
    const message = `forbidden: ${user} cannot ${attributes.verb} path "${attributes.path}"${reason}`;
    throw failure(403, 'Forbidden', message, {});
  }
  const { group, namespace, subresource } = attributes;
  const resource = subresource === '' ? attributes.resource : `${attributes.resource}/${subresource}`;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  throw forbidden(
    { group, resource: attributes.resource },
    attributes.name,
    `${user} cannot ${attributes.verb} resource "${resource}" in API group "${group}" ${scope}${reason}`,
  );
}
