import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { FlowSchema } from '../../../../shared/kubernetes/objects';
import { mandatorySchemas } from '../flow-control/bootstrap-objects';
import { deepEqual } from '../json';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error';
import { internalText } from './internal-text';
import { validateFlowConditions } from './priority-level';
import { invalidFor } from './values';

type Spec = NonNullable<FlowSchema['spec']>;
type Rules = NonNullable<Spec['rules']>[number];
type Subject = Rules['subjects'][number];
type ResourceRule = NonNullable<Rules['resourceRules']>[number];
type NonResourceRule = NonNullable<Rules['nonResourceRules']>[number];

const HIGHEST_PRECEDENCE = 10_000;
const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

/** pkg/apis/flowcontrol/validation, `ValidateFlowSchema`. */
export function validateFlowSchema({ metadata, spec, status }: FlowSchema): FieldError[] {
  if (spec === undefined) return [];
  const { name = '' } = metadata;
  const fixed = mandatorySchemas.find((schema) => schema.metadata.name === name)?.spec;
  return [
    ...validateSpec(spec, name),
    ...(fixed === undefined || deepEqual(spec, fixed)
      ? []
      : [invalid('spec', internalText('FlowSchemaSpec', spec), `spec of '${name}' must equal the fixed value`)]),
    ...validateFlowConditions(status?.conditions),
  ];
}

function validateSpec(spec: Spec, name: string): FieldError[] {
  const { matchingPrecedence: precedence = 0, distinguisherMethod, priorityLevelConfiguration, rules = [] } = spec;
  const errors: FieldError[] = [];
  const wrong = (why: string) => errors.push(invalid('spec.matchingPrecedence', precedence, why));
  if (precedence <= 0) wrong('must be a positive value');
  if (precedence > HIGHEST_PRECEDENCE) wrong(`must not be greater than ${HIGHEST_PRECEDENCE}`);
  if (precedence === 1 && name !== 'exempt') wrong("only the schema named 'exempt' may have matchingPrecedence 1");
  if (distinguisherMethod !== undefined && !['ByNamespace', 'ByUser'].includes(distinguisherMethod.type)) {
    const shown = internalText('FlowDistinguisherMethod', distinguisherMethod);
    errors.push(notSupported('spec.distinguisherMethod.type', shown, ['ByNamespace', 'ByUser']));
  }
  const level = 'spec.priorityLevelConfiguration.name';
  if (priorityLevelConfiguration.name) {
    errors.push(...invalidFor(level, priorityLevelConfiguration.name, dns1123SubdomainProblems));
  } else errors.push(required(level, 'must reference a priority level'));
  return [...errors, ...rules.flatMap((rule, index) => validateRules(rule, `spec.rules[${index}]`))];
}

function validateRules(
  { subjects = [], resourceRules = [], nonResourceRules = [] }: Rules,
  path: string,
): FieldError[] {
  return [
    ...(subjects.length === 0 ? [required(`${path}.subjects`, 'subjects must contain at least one value')] : []),
    ...subjects.flatMap((subject, index) => validateSubject(subject, `${path}.subjects[${index}]`)),
    ...(resourceRules.length + nonResourceRules.length === 0
      ? [required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty')]
      : []),
    ...resourceRules.flatMap((rule, index) => validateResourceRule(rule, `${path}.resourceRules[${index}]`)),
    ...nonResourceRules.flatMap((rule, index) => validateNonResourceRule(rule, `${path}.nonResourceRules[${index}]`)),
  ];
}

/** The member of a subject that each kind has, in the order in which the others are refused. */
const MEMBERS = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const;

function validateSubject(subject: Subject, path: string): FieldError[] {
  const { kind = '' } = subject;
  if (kind !== 'ServiceAccount' && kind !== 'User' && kind !== 'Group') {
    return [notSupported(`${path}.kind`, kind, ['Group', 'ServiceAccount', 'User'])];
  }
  const member = MEMBERS[kind];
  const at = `${path}.${member}`;
  const errors =
    subject[member] === undefined
      ? [required(at, `${member} is required when subject kind is '${kind}'`)]
      : kind === 'ServiceAccount'
        ? validateServiceAccount(subject.serviceAccount, at)
        : subject[member].name
          ? []
          : [required(`${at}.name`)];
  for (const [other, name] of Object.entries(MEMBERS)) {
    if (name === member || subject[name as 'user'] === undefined) continue;
    errors.push(forbidden(`${path}.${name}`, `${name} is forbidden when subject kind is not '${other}'`));
  }
  return errors;
}

function validateServiceAccount(account: Subject['serviceAccount'], path: string): FieldError[] {
  const { name = '', namespace = '' } = account ?? {};
  return [
    ...(name === '' ? [required(`${path}.name`)] : []),
    ...(name === '' || name === '*' ? [] : invalidFor(`${path}.name`, name, dns1123SubdomainProblems)),
    ...(namespace === ''
      ? [required(`${path}.namespace`, 'must specify namespace for service account')]
      : invalidFor(`${path}.namespace`, namespace, dns1123LabelProblems)),
  ];
}

function validateVerbs(verbs: readonly string[], path: string): FieldError[] {
  if (verbs.length === 0) return [required(path, 'verbs must contain at least one value')];
  if (verbs.includes('*')) return aloneIfAll(verbs, path, 'verbs');
  return verbs.every((verb) => VERBS.includes(verb)) ? [] : [notSupported(path, verbs, VERBS)];
}

function aloneIfAll(list: readonly string[], path: string, what: string): FieldError[] {
  if (list.length === 1 || !list.includes('*')) return [];
  return [invalid(path, list, `if '*' is present, must not specify other ${what}`)];
}

function validateNonResourceRule(
  { verbs = [], nonResourceURLs: urls = [] }: NonResourceRule,
  path: string,
): FieldError[] {
  const at = `${path}.nonResourceURLs`;
  const errors = validateVerbs(verbs, `${path}.verbs`);
  if (urls.length === 0) return [...errors, required(at, 'nonResourceURLs must contain at least one value')];
  if (urls.includes('*')) return [...errors, ...aloneIfAll(urls, at, 'non-resource URLs')];
  return [...errors, ...urls.flatMap((url, index) => invalidFor(`${at}[${index}]`, url, urlProblems))];
}

/** `ValidateNonResourceURLPath`. */
function urlProblems(url: string): string[] {
  if (url === '') return ['must not be empty'];
  if (url === '/') return [];
  if (!url.startsWith('/')) return ['must start with slash'];
  if (url.includes(' ')) return ['must not contain white-space'];
  if (url.includes('//')) return ['must not contain double slash'];
  const wildcards = url.split('*').length - 1;
  return wildcards > 1 || (wildcards === 1 && !url.endsWith('/*')) ? ['wildcard can only do suffix matching'] : [];
}

function validateResourceRule(rule: ResourceRule, path: string): FieldError[] {
  const { verbs = [], apiGroups = [], resources = [], namespaces = [], clusterScope = false } = rule;
  return [
    ...validateVerbs(verbs, `${path}.verbs`),
    ...(apiGroups.length === 0
      ? [required(`${path}.apiGroups`, 'resource rules must supply at least one api group')]
      : aloneIfAll(apiGroups, `${path}.apiGroups`, 'api groups')),
    ...(resources.length === 0
      ? [required(`${path}.resources`, 'resource rules must supply at least one resource')]
      : aloneIfAll(resources, `${path}.resources`, 'resources')),
    ...validateNamespaces(namespaces, clusterScope, `${path}.namespaces`),
  ];
}

function validateNamespaces(namespaces: readonly string[], clusterScope: boolean, path: string): FieldError[] {
  if (namespaces.length === 0) {
    const why = 'resource rules that are not cluster scoped must supply at least one namespace';
    return clusterScope ? [] : [required(path, why)];
  }
  if (namespaces.includes('*')) return aloneIfAll(namespaces, path, 'namespaces');
  const problems = (namespace: string) =>
    dns1123LabelProblems(namespace).map((why) => `each member of this list must be '*' or a DNS-1123 label; ${why}`);
  return namespaces.flatMap((namespace, index) => invalidFor(`${path}[${index}]`, namespace, problems));
}
