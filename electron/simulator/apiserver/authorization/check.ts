import type { StatusError } from '../../../../shared/kubernetes/status-error';
import type { RequestAttributes } from '../request';
import { failure, forbidden } from '../status-errors';
import type { Authorizer, Decision } from './authorizer';

/** @throws StatusError 403 when the request is not allowed. */
export function checkAllowed(authorizer: Authorizer, attributes: RequestAttributes): void {
  const decision = authorizer.authorize(attributes);
  if (!decision.allowed) throw denied(attributes, decision);
}

/** What is answered to who may not, with the text that kubectl shows (apiserver/pkg/endpoints/handlers/responsewriters/errors.go). */
export function denied(attributes: RequestAttributes, decision: Decision): StatusError {
  const reason = decision.reason === '' ? '' : `: ${decision.reason}`;
  const user = `User ${JSON.stringify(attributes.user.name)}`;
  if (!attributes.isResource) {
    const what = withoutMarkup(`${user} cannot ${attributes.verb} path ${JSON.stringify(attributes.path)}`);
    return failure(403, 'Forbidden', `forbidden: ${what}${reason}`, {});
  }
  const { group, namespace, subresource, name } = attributes;
  const resource = subresource === '' ? attributes.resource : `${attributes.resource}/${subresource}`;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  const what = `${user} cannot ${attributes.verb} resource ${JSON.stringify(resource)} in API group "${group}" ${scope}`;
  return forbidden({ group, resource: attributes.resource }, name, `${withoutMarkup(what)}${reason}`);
}

/** Paths and names are the caller's own words: they must not look like HTML. */
function withoutMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
