import type { ClusterRole } from '../../../../shared/kubernetes/objects';
import type { RequestAttributes } from '../request';

export type PolicyRule = NonNullable<ClusterRole['rules']>[number];

/** Whether a rule lets a request through (pkg/apis/rbac/v1/evaluation_helpers.go, `RuleAllows`). */
export function ruleAllows(rule: PolicyRule, request: RequestAttributes): boolean {
  if (!has(rule.verbs, request.verb)) return false;
  if (!request.isResource) return (rule.nonResourceURLs ?? []).some((pattern) => urlMatches(pattern, request.path));
  return (
    has(rule.apiGroups, request.group) &&
    resourceMatches(rule.resources ?? [], request.resource, request.subresource) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(request.name))
  );
}

function has(allowed: readonly string[] | undefined, value: string): boolean {
  return allowed !== undefined && (allowed.includes('*') || allowed.includes(value));
}

/** `pods`, `pods/log`, `*` for everything, and `*` before a subresource for that subresource of everything. */
function resourceMatches(allowed: readonly string[], resource: string, subresource: string): boolean {
  if (has(allowed, subresource === '' ? resource : `${resource}/${subresource}`)) return true;
  return subresource !== '' && allowed.includes(`*/${subresource}`);
}

/** A trailing `*` stands for any rest; elsewhere it means itself. */
function urlMatches(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, '')));
}
