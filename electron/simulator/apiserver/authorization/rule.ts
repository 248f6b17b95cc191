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
 * What of `wanted` the rules that somebody holds do not cover, one rule a verb left out
 * (k8s.io/component-helpers/auth/rbac/validation, `Covers`).
 */
export function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap((rule) => {
    const verbs = rule.verbs.filter(
      (verb) => !requestsOf(rule, verb).every((one) => held.some((has) => ruleAllows(has, one))),
    );
    return verbs.length === 0 ? [] : [{ ...rule, verbs }];
  });
}

/** Every single request that a rule lets through for a verb; a `*` in it stands for itself. */
function requestsOf(rule: PolicyRule, verb: string): RequestAttributes[] {
  const nobody = { user: { name: '', groups: [] }, verb, version: '', namespace: '' };
  const urls = (rule.nonResourceURLs ?? []).map((path) => ({
    ...nobody,
    isResource: false,
    path,
    group: '',
    resource: '',
    subresource: '',
    name: '',
  }));
  const resources = (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).flatMap((full) => {
      const [resource = '', subresource = ''] = full.split('/');
      const names = rule.resourceNames?.length ? rule.resourceNames : [''];
      return names.map((name) => ({ ...nobody, isResource: true, path: '', group, resource, subresource, name }));
    }),
  );
  return [...urls, ...resources];
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
