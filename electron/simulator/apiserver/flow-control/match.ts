import type { FlowSchema } from '../../../../shared/kubernetes/objects';
import type { UserInfo } from '../../client';
import type { RequestInfo } from '../http/request-info';

/** Whether a request goes by a FlowSchema (apiserver/pkg/util/flowcontrol/rule.go). */

type Rules = NonNullable<NonNullable<FlowSchema['spec']>['rules']>[number];
type Subject = Rules['subjects'][number];
type ResourceRule = NonNullable<Rules['resourceRules']>[number];
type NonResourceRule = NonNullable<Rules['nonResourceRules']>[number];

const ALL = '*';
const ACCOUNT = 'system:serviceaccount:';

export function matchesSchema(schema: FlowSchema, info: RequestInfo, user: UserInfo): boolean {
  return (schema.spec?.rules ?? []).some((rules) => {
    if (!rules.subjects.some((subject) => matchesSubject(subject, user))) return false;
    return info.isResource
      ? (rules.resourceRules ?? []).some((rule) => matchesResource(rule, info))
      : (rules.nonResourceRules ?? []).some((rule) => matchesPath(rule, info));
  });
}

function matchesSubject({ kind, user, group, serviceAccount }: Subject, { name, groups }: UserInfo): boolean {
  switch (kind) {
    case 'User':
      return user !== undefined && (user.name === ALL || user.name === name);
    case 'Group':
      return group !== undefined && (group.name === ALL || groups.includes(group.name));
    case 'ServiceAccount': {
      if (serviceAccount === undefined) return false;
      const prefix = `${ACCOUNT}${serviceAccount.namespace}:`;
      return serviceAccount.name === ALL ? name.startsWith(prefix) : name === prefix + serviceAccount.name;
    }
    default:
      return false;
  }
}

function matchesResource(rule: ResourceRule, { verb, resource, subresource, group, namespace }: RequestInfo): boolean {
  const name = subresource === '' ? resource : `${resource}/${subresource}`;
  if (!has(rule.verbs, verb) || !has(rule.resources, name) || !has(rule.apiGroups, group)) return false;
  return namespace === '' ? rule.clusterScope === true : has(rule.namespaces ?? [], namespace);
}

function matchesPath({ verbs, nonResourceURLs }: NonResourceRule, { verb, path }: RequestInfo): boolean {
  return (
    has(verbs, verb) &&
    nonResourceURLs.some((url) => {
      if (url === ALL || url === path) return true;
      const prefix = url.endsWith(ALL) ? url.slice(0, -1) : url;
      return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
    })
  );
}

function has(list: readonly string[], text: string): boolean {
  return (list.length === 1 && list[0] === ALL) || list.includes(text);
}
