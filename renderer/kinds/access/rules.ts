import type { Role } from '../../../shared/kubernetes/objects';

export type Rule = NonNullable<Role['rules']>[number];

/** `get, list, watch`, or that all is allowed. */
export function verbsText(verbs: readonly string[]): string {
  return verbs.includes('*') ? 'do anything with' : verbs.join(', ');
}

/** What a rule is about, in words: `pods and pods/log`, `everything in apps`, `secrets named "db"`. */
export function ruleText({ apiGroups, resources, resourceNames, nonResourceURLs }: Rule): string {
  const urls = nonResourceURLs?.map((url) => (url === '*' ? 'all URLs' : url)) ?? [];
  const what = resources === undefined ? [] : [resourcesText(resources, apiGroups ?? [''])];
  const names = resourceNames?.map((name) => `“${name}”`) ?? [];
  return [...what, ...urls].join(', ') + (names.length === 0 ? '' : ` named ${joined(names, 'or')}`);
}

function resourcesText(resources: readonly string[], groups: readonly string[]): string {
  const what = resources.includes('*') ? 'everything' : joined(resources, 'and');
  if (groups.includes('*')) return `${what} in all groups`;
  const named = groups.filter((group) => group !== '');
  if (named.length === 0) return resources.includes('*') ? 'everything in the core group' : what;
  const listed = groups.includes('') ? ['the core group', ...named] : named;
  return `${what} in ${joined(listed, 'and')}`;
}

function joined(texts: readonly string[], word: string): string {
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} ${word} ${last}`;
}
