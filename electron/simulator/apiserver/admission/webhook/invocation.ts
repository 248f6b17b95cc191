import type { Authorizer } from '../../authorization/authorizer';
import { forbidden } from '../../status-errors';
import { nameOf, resourceOf } from '../attributes';
import { meetsConditions } from '../cel/conditions';
import { expressionInputs } from '../cel/inputs';
import { type Match, matchResources } from '../matching/resources';
import type { AdmissionRequest, ServedApi } from '../plugin';
import type { Hook } from './hooks';

/**
 * Whether a webhook is to be asked about a request, and as what it is shown it
 * (k8s.io/apiserver/pkg/admission/plugin/webhook/generic/webhook.go, `ShouldCallHook`).
 * @throws StatusError when that cannot be found out.
 */
export function invocationOf(
  api: ServedApi,
  authorizer: Authorizer,
  { webhook, conditions }: Hook,
  request: AdmissionRequest,
): Match | undefined {
  const { rules = [], ...constraints } = webhook;
  // Without rules a policy is about everything, a webhook about nothing.
  if (rules.length === 0) return undefined;
  const match = matchResources(api, { ...constraints, resourceRules: rules }, request);
  if (match === undefined || conditions.list.length === 0) return match;
  const { resource, kind } = match;
  const inputs = expressionInputs(api, authorizer, request, resource, { resource: resourceOf(request), kind });
  const { met, error } = meetsConditions(conditions, inputs, webhook.failurePolicy === 'Ignore');
  if (error !== undefined) throw forbidden(request.attributes, nameOf(request), error);
  return met ? match : undefined;
}
