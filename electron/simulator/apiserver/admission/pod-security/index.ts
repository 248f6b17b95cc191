import type {
  CronJob,
  KubeObject,
  Namespace,
  ObjectMeta,
  Pod,
  PodTemplate,
  ReplicaSet,
} from '../../../../../shared/kubernetes/objects';
import { controllerOf } from '../../../../../shared/kubernetes/owners';
import { groupResourceOf, namespaces, pods } from '../../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../../client';
import { aggregateText } from '../../go-text';
import { internalError, invalid } from '../../status-errors';
import { forbidden } from '../forbidden';
import type { AdmissionPluginFactory, AdmissionRequest } from '../plugin';
import type { PodSpec } from './check';
import { isSame, isStricter, type LevelVersion, levelText, type Policy, policyOf } from './policy';
import { violations, violationsText } from './standards';

const AUDIT_PREFIX = 'pod-security.kubernetes.io/';

/** Subresources of pods that change nothing the standards look at. */
const IGNORED_SUBRESOURCES = new Set([
  'exec',
  'attach',
  'binding',
  'eviction',
  'log',
  'portforward',
  'proxy',
  'status',
]);

/** Pods that a change of a namespace's labels is tried on. */
const MOST_PODS = 3000;

interface Template {
  readonly metadata: Pick<ObjectMeta, 'annotations'>;
  readonly spec: PodSpec;
}

/**
 * Holds pods to the Pod Security Standards that their namespace's labels ask for (k8s.io/pod-security-admission/admission,
 * plugin/pkg/admission/security/podsecurity). Nobody is exempt, as by default.
 */
export const podSecurity: AdmissionPluginFactory = (client) => ({
  name: 'PodSecurity',
  async validate(request) {
    const { operation, attributes } = request;
    if (operation !== 'CREATE' && operation !== 'UPDATE') return;
    const resource = groupResourceOf(attributes);
    if (resource === 'namespaces') return checkNamespace(client, request);
    if (resource === 'pods') return checkPod(client, request);
    const templateOf = TEMPLATES[resource];
    if (templateOf !== undefined) return checkTemplate(client, request, templateOf);
  },
});

async function checkNamespace(client: ApiClient, request: AdmissionRequest): Promise<void> {
  const namespace: Namespace | undefined = request.object;
  if (request.attributes.subresource !== '' || namespace === undefined) return;
  const { name = '', labels } = namespace.metadata;
  const { policy, errors } = policyOf(labels);
  if (request.operation === 'CREATE') {
    if (errors.length > 0) throw invalid(namespaces, name, errors);
    return;
  }
  const before = policyOf(request.oldObject?.metadata.labels);
  // What was wrong before may stay so.
  if (errors.length > 0 && JSON.stringify(errors) !== JSON.stringify(before.errors)) {
    throw invalid(namespaces, name, errors);
  }
  const { enforce } = policy;
  const old = before.policy.enforce;
  if (isSame(enforce, old) || enforce.level === 'privileged') return;
  if (enforce.version === old.version && !isStricter(enforce, old)) return;
  for (const warning of await presentViolations(client, name, enforce)) request.warn(warning);
}

/** What pods that are there already do against a new level: they stay, but cannot come back. */
async function presentViolations(client: ApiClient, namespace: string, enforce: LevelVersion): Promise<string[]> {
  const { items } = await client.list(pods, { namespace });
  const found = new Map<string, string[]>();
  for (const pod of onePerOwnerFirst(items).slice(0, MOST_PODS)) {
    if (pod.spec === undefined) continue;
    const reasons = violations(enforce, pod.spec, pod.metadata).map(({ reason }) => reason);
    if (reasons.length === 0) continue;
    const text = reasons.join(', ');
    found.set(text, [...(found.get(text) ?? []), pod.metadata.name ?? '']);
  }
  const warnings: string[] = [];
  if (items.length > MOST_PODS) {
    warnings.push(
      `new PodSecurity enforce level only checked against the first ${MOST_PODS} of ${items.length} existing pods`,
    );
  }
  if (found.size === 0) return warnings;
  warnings.push(
    `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(levelText(enforce))}`,
  );
  const texts = [...found].map(([text, names]) => `${namesText(names)}: ${text}`);
  return [...warnings, ...texts.sort()];
}

function namesText(names: string[]): string {
  const [first = ''] = names.sort();
  const others = names.length - 1;
  if (others === 0) return first;
  return `${first} (and ${others} other ${others === 1 ? 'pod' : 'pods'})`;
}

/** Pods of one owner are alike: where there are too many to look at, one of each kind comes first. */
function onePerOwnerFirst(items: readonly Pod[]): Pod[] {
  const seen = new Set<string>();
  const first: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of items) {
    const owner = controllerOf(pod)?.uid;
    if (owner !== undefined && seen.has(owner)) others.push(pod);
    else first.push(pod);
    if (owner !== undefined) seen.add(owner);
  }
  return [...first, ...others];
}

async function checkPod(client: ApiClient, request: AdmissionRequest): Promise<void> {
  if (IGNORED_SUBRESOURCES.has(request.attributes.subresource)) return;
  const pod: Pod | undefined = request.object;
  if (pod?.spec === undefined) return;
  const { policy, errors } = policyOf(await labelsOf(client, request));
  if (errors.length === 0 && isPrivileged(policy)) {
    return request.annotate(`${AUDIT_PREFIX}enforce-policy`, 'privileged:latest');
  }
  const old: Pod | undefined = request.oldObject;
  if (request.operation === 'UPDATE' && old !== undefined && !isSignificant(pod, old)) return;
  noteErrors(request, errors);
  const enforced = violations(policy.enforce, pod.spec, pod.metadata);
  request.annotate(`${AUDIT_PREFIX}enforce-policy`, levelText(policy.enforce));
  judge(request, policy, { spec: pod.spec, metadata: pod.metadata }, enforced.length === 0);
  if (enforced.length === 0) return;
  const why = `violates PodSecurity ${JSON.stringify(levelText(policy.enforce))}: ${violationsText(enforced)}`;
  throw forbidden(request, why);
}

type TemplateOf = (object: KubeObject) => Partial<Template> | undefined;

const inSpec: TemplateOf = (object) => (object as ReplicaSet).spec?.template;

/** Where the kinds that make pods keep their template. */
const TEMPLATES: Readonly<Record<string, TemplateOf>> = {
  replicationcontrollers: inSpec,
  podtemplates: (object) => (object as PodTemplate).template,
  'replicasets.apps': inSpec,
  'deployments.apps': inSpec,
  'statefulsets.apps': inSpec,
  'daemonsets.apps': inSpec,
  'jobs.batch': inSpec,
  'cronjobs.batch': (object) => (object as CronJob).spec?.jobTemplate.spec?.template,
};

/** Of what makes pods, it is only said that its pods will be refused. */
async function checkTemplate(client: ApiClient, request: AdmissionRequest, templateOf: TemplateOf): Promise<void> {
  const { object } = request;
  if (request.attributes.subresource !== '' || object === undefined) return;
  const { policy, errors } = policyOf(await labelsOf(client, request));
  const { audit, warn } = policy;
  if (errors.length === 0 && warn.level === 'privileged' && audit.level === 'privileged') return;
  const template = templateOf(object);
  if (template?.spec === undefined) return;
  noteErrors(request, errors);
  judge(request, policy, { spec: template.spec, metadata: template.metadata ?? {} }, true);
}

/** Notes what goes against the level of the audit trail, and warns of what goes against the level of warnings. */
function judge(request: AdmissionRequest, { audit, warn }: Policy, { spec, metadata }: Template, warns: boolean): void {
  const text = (level: LevelVersion) => {
    const found = violations(level, spec, metadata);
    if (found.length === 0) return undefined;
    return `would violate PodSecurity ${JSON.stringify(levelText(level))}: ${violationsText(found)}`;
  };
  const noted = text(audit);
  if (noted !== undefined) request.annotate(`${AUDIT_PREFIX}audit-violations`, noted);
  // Who is refused need not be warned as well.
  const warning = warns ? text(warn) : undefined;
  if (warning !== undefined) request.warn(warning);
}

function noteErrors(request: AdmissionRequest, errors: ReturnType<typeof policyOf>['errors']): void {
  if (errors.length === 0) return;
  const text = aggregateText(errors.map(({ field, message }) => `${field}: ${message}`));
  request.annotate(`${AUDIT_PREFIX}error`, `Failed to parse policy: ${text}`);
}

async function labelsOf(client: ApiClient, { attributes }: AdmissionRequest) {
  try {
    return (await client.get(namespaces, undefined, attributes.namespace)).metadata.labels;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw internalError(`failed to lookup namespace ${JSON.stringify(attributes.namespace)}`);
  }
}

function isPrivileged(policy: Policy): boolean {
  return [policy.enforce, policy.audit, policy.warn].every(({ level }) => level === 'privileged');
}

/** Of what can be changed in a pod, only images and new ephemeral containers are looked at. */
function isSignificant({ spec }: Pod, { spec: old }: Pod): boolean {
  const images = (containers: readonly { image?: string }[] = []) => containers.map(({ image }) => image).join('\n');
  if (images(spec?.containers) !== images(old?.containers)) return true;
  if (images(spec?.initContainers) !== images(old?.initContainers)) return true;
  return (spec?.ephemeralContainers ?? []).some(
    ({ name, image }) => old?.ephemeralContainers?.find((each) => each.name === name)?.image !== image,
  );
}
