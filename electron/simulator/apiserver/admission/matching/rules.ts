import type { Rule } from '../../validation/admission/rules';
import { type GroupVersionResource, namespaceOf, resourceOf } from '../attributes';
import type { AdmissionRequest } from '../plugin';

/**
 * Whether a rule is about a request (k8s.io/apiserver/pkg/admission/plugin/webhook/predicates/rules).
 * @param resource as which the request is looked at; its own by default.
 */
export function ruleMatches(rule: Rule, request: AdmissionRequest, resource = resourceOf(request)): boolean {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [] } = rule;
  return (
    inScope(rule.scope, request, resource) &&
    has(operations, request.operation) &&
    has(apiGroups, resource.group) &&
    has(apiVersions, resource.version) &&
    resources.some((pattern) => resourceMatches(pattern, resource.resource, request.attributes.subresource))
  );
}

const has = (list: readonly string[], wanted: string) => list.includes('*') || list.includes(wanted);

function inScope(scope: string | undefined, request: AdmissionRequest, resource: GroupVersionResource): boolean {
  if (scope === undefined || scope === '*') return true;
  const isNamespace = resource.group === '' && resource.version === 'v1' && resource.resource === 'namespaces';
  const isNamespaced = !isNamespace && namespaceOf(request) !== '';
  return scope === 'Namespaced' ? isNamespaced : scope === 'Cluster' && !isNamespaced;
}

function resourceMatches(pattern: string, resource: string, subresource: string): boolean {
  const slash = pattern.indexOf('/');
  const wanted = slash < 0 ? pattern : pattern.slice(0, slash);
  const part = slash < 0 ? '' : pattern.slice(slash + 1);
  return (wanted === '*' || wanted === resource) && (part === '*' || part === subresource);
}

const EXEMPT = new Set([
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
]);

/** Whether a request is about the configuration of admission itself, which nothing else may keep from being mended. */
export function isExempt({ attributes }: AdmissionRequest): boolean {
  return attributes.group === 'admissionregistration.k8s.io' && EXEMPT.has(attributes.resource);
}
