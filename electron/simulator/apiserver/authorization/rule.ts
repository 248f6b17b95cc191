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

/**
 * What of `wanted` the rules that somebody holds do not cover, in single permissions put together by verb
 * (k8s.io/component-helpers/auth/rbac/validation `Covers`, pkg/registry/rbac/validation/policy_compact.go).
 */
export function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  const missing = wanted.flatMap(singleRules).filter((single) => !held.some((rule) => covers(rule, single)));
  const byResource = new Map<string, PolicyRule>();
  const compact: PolicyRule[] = [];
  for (const single of missing) {
    const key = JSON.stringify([single.apiGroups, single.resources, single.resourceNames]);
    const present = single.nonResourceURLs === undefined ? byResource.get(key) : undefined;
    if (present !== undefined) {
      present.verbs.push(...single.verbs);
      continue;
    }
    if (single.nonResourceURLs === undefined) byResource.set(key, single);
    compact.push(single);
  }
  return compact;
}

/** A rule as equivalent ones of one verb, one resource and one name each. */
function singleRules(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const single: PolicyRule[] = [];
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const plain = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (resourceNames.length === 0) single.push(plain);
        for (const name of resourceNames) single.push({ ...plain, verbs: [verb], resourceNames: [name] });
      }
    }
  }
  for (const url of nonResourceURLs) for (const verb of verbs) single.push({ nonResourceURLs: [url], verbs: [verb] });
  return single;
}

/** Whether a rule allows all that a single one does; a `*` in the single one stands for itself. */
function covers(rule: PolicyRule, single: PolicyRule): boolean {
  const [verb = ''] = single.verbs;
  if (!has(rule.verbs, verb)) return false;
  const [url] = single.nonResourceURLs ?? [];
  if (url !== undefined) return (rule.nonResourceURLs ?? []).some((pattern) => urlMatches(pattern, url));
  const [full = ''] = single.resources ?? [];
  const slash = full.indexOf('/');
  const [resource, subresource] = slash < 0 ? [full, ''] : [full.slice(0, slash), full.slice(slash + 1)];
  const [name] = single.resourceNames ?? [];
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, single.apiGroups?.[0] ?? '') &&
    resourceMatches(rule.resources ?? [], resource, subresource) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

/** As upstream's `CompactString`. */
export function ruleText(rule: PolicyRule): string {
  const parts: [string, readonly string[] | undefined][] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ];
  const texts = parts
    .filter(([, values]) => values?.length)
    .map(([name, values]) => `${name}:[${values?.map((value) => JSON.stringify(value)).join(' ')}]`);
  return `{${texts.join(', ')}}`;
}
