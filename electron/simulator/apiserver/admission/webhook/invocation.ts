import { StatusError } from '../../../../../shared/kubernetes/status-error';
import type { Authorizer } from '../../authorization/authorizer';
import { forbidden } from '../../status-errors';
import { kindOf, nameOf, resourceOf, reviewOf } from '../attributes';
import { meetsConditions } from '../cel/conditions';
import { authorizerValues } from '../cel/evaluate';
import { converter, equivalentKind, equivalentsOf } from '../matching/equivalents';
import type { Match } from '../matching/resources';
import { ruleMatches } from '../matching/rules';
import { namespaceSelected, objectSelected } from '../matching/selectors';
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
  let trouble: StatusError | undefined;
  try {
    if (!namespaceSelected(api, webhook.namespaceSelector, request)) return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    trouble = error;
  }
  if (!objectSelected(webhook.objectSelector, request)) return undefined;
  const match = matchOf(api, webhook, request);
  if (match === undefined) return undefined;
  if (trouble !== undefined) throw trouble;
  if (conditions.list.length === 0) return match;
  const convert = converter(api, request, match.resource);
  const inputs = {
    object: request.object && convert(request.object),
    oldObject: request.oldObject && convert(request.oldObject),
    review: reviewOf(request, '', { resource: resourceOf(request), kind: match.kind }),
    ...authorizerValues(authorizer, request),
  };
  const { met, error } = meetsConditions(conditions, inputs, webhook.failurePolicy === 'Ignore');
  if (error !== undefined) throw forbidden(request.attributes, nameOf(request), error);
  return met ? match : undefined;
}

function matchOf(api: ServedApi, webhook: Hook['webhook'], request: AdmissionRequest): Match | undefined {
  const { rules = [], matchPolicy } = webhook;
  if (rules.some((rule) => ruleMatches(rule, request))) {
    return { resource: resourceOf(request), kind: kindOf(request) };
  }
  if (rules.length === 0 || matchPolicy !== 'Equivalent') return undefined;
  const equivalents = equivalentsOf(api, resourceOf(request));
  for (const rule of rules) {
    const resource = equivalents.find((each) => ruleMatches(rule, request, each));
    if (resource !== undefined) return { resource, kind: equivalentKind(api, request, resource) };
  }
  return undefined;
}
