import { StatusError } from '../../../../../shared/kubernetes/status-error';
import type { MatchResources } from '../../validation/admission/rules';
import { type GroupVersionKind, type GroupVersionResource, kindOf, nameOf, resourceOf } from '../attributes';
import type { AdmissionRequest, ServedApi } from '../plugin';
import { equivalentKind, equivalentsOf } from './equivalents';
import { ruleMatches } from './rules';
import { namespaceSelected, objectSelected } from './selectors';

/** As which resource and kind a request is met. */
export interface Match {
  readonly resource: GroupVersionResource;
  readonly kind: GroupVersionKind;
}

type NamedRules = NonNullable<NonNullable<MatchResources>['resourceRules']>;

/**
 * Whether a policy or a binding is about a request (k8s.io/apiserver/pkg/admission/plugin/policy/matching/matching.go).
 * @throws StatusError when a selector cannot be asked.
 */
export function matchResources(
  api: ServedApi,
  constraints: NonNullable<MatchResources>,
  request: AdmissionRequest,
): Match | undefined {
  // That something cannot be asked matters only where everything else fits.
  let trouble: StatusError | undefined;
  try {
    if (!namespaceSelected(api, constraints.namespaceSelector, request)) return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    trouble = error;
  }
  if (!objectSelected(constraints.objectSelector, request)) return undefined;
  const { resourceRules = [], excludeResourceRules = [], matchPolicy } = constraints;
  if (matchRules(api, excludeResourceRules, matchPolicy, request) !== undefined) return undefined;
  const match =
    resourceRules.length === 0
      ? { resource: resourceOf(request), kind: kindOf(request) }
      : matchRules(api, resourceRules, matchPolicy, request);
  if (match !== undefined && trouble !== undefined) throw trouble;
  return match;
}

function matchRules(
  api: ServedApi,
  rules: NamedRules,
  policy: string | undefined,
  request: AdmissionRequest,
): Match | undefined {
  const name = nameOf(request);
  const isNamed = ({ resourceNames = [] }: NamedRules[number]) =>
    resourceNames.length === 0 || resourceNames.includes(name);
  if (rules.some((rule) => ruleMatches(rule, request) && isNamed(rule))) {
    return { resource: resourceOf(request), kind: kindOf(request) };
  }
  if (rules.length === 0 || policy !== 'Equivalent') return undefined;
  const equivalents = equivalentsOf(api, resourceOf(request));
  for (const rule of rules) {
    const resource = equivalents.find((each) => ruleMatches(rule, request, each) && isNamed(rule));
    if (resource !== undefined) return { resource, kind: equivalentKind(api, request, resource) };
  }
  return undefined;
}
