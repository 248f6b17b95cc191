import { dns1123LabelProblems, labelValueProblems } from '../../../../shared/kubernetes/label-syntax';
import type { PodTemplate } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity, quantityInNano } from '../../../../shared/kubernetes/quantities';
import type { Container, PodSpec, PodTemplateSpec, Volume } from '../strategies/pod-defaults';
import { addressWarnings } from './ip-addresses';
import { oldNodeLabel } from './old-node-labels';
import { containersOf } from './pod-spec/containers-of';
import { overlappingPathWarnings } from './pod-spec/overlapping-paths';
import { portWarnings } from './pod-spec/port-warnings';

type Metadata = NonNullable<PodTemplate['metadata']>;
type Terms = NonNullable<NonNullable<PodSpec['affinity']>['podAffinity']>;

const OLD_ANNOTATIONS: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

const OLD_VOLUMES: Readonly<Partial<Record<keyof Volume, string>>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';

/** What is accepted in a workload's template but rarely meant (`GetWarningsForPodTemplate`): texts for `Warning` headers. */
export function templateWarnings(template: PodTemplateSpec | undefined, path: string): string[] {
  return podWarnings(template?.spec, template?.metadata, `${path}.`);
}

/**
 * What is accepted in a pod but rarely meant (pkg/api/pod/warnings.go).
 * @param prefix of every path: `spec.template.` in a workload.
 */
export function podWarnings(spec: PodSpec | undefined, metadata: Metadata | undefined, prefix: string): string[] {
  if (spec === undefined) return [];
  const path = `${prefix}spec`;
  const annotations = metadata?.annotations ?? {};
  const annotationPath = `${prefix}metadata.annotations`;
  const warnings = [
    ...schedulingWarnings(spec, path),
    ...Object.entries(OLD_ANNOTATIONS).flatMap(([key, text]) =>
      annotations[key] === undefined ? [] : [`${annotationPath}[${key}]: ${text}`],
    ),
    ...volumeWarnings(spec.volumes ?? [], path),
    ...overlappingPathWarnings(spec.volumes ?? []),
    ...repeated(spec.hostAliases ?? [], 'ip', `${path}.hostAliases`),
    ...repeated(spec.imagePullSecrets ?? [], 'name', `${path}.imagePullSecrets`),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }, index) =>
      name ? [] : [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`],
    ),
    ...fractionWarnings(spec.overhead, `${path}.overhead`),
  ];
  const seccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';
  if (spec.securityContext?.seccompProfile === undefined && annotations[SECCOMP_POD] !== undefined) {
    warnings.push(`${annotationPath}[${SECCOMP_POD}]: ${seccomp}`);
  }
  for (const [container, at] of containersOf(spec, path)) {
    const key = `${SECCOMP_CONTAINER}${container.name}`;
    if (container.securityContext?.seccompProfile === undefined && annotations[key] !== undefined) {
      warnings.push(`${annotationPath}[${key}]: ${seccomp}`);
    }
    warnings.push(...containerWarnings(container, at));
  }
  warnings.push(...portWarnings(spec, path));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const text = 'must be >= 0; negative values are invalid and will be treated as 1';
    warnings.push(`${path}.terminationGracePeriodSeconds: ${text}`);
  }
  warnings.push(...selectorWarnings(spec.affinity?.podAffinity, `${path}.affinity.podAffinity`));
  warnings.push(...selectorWarnings(spec.affinity?.podAntiAffinity, `${path}.affinity.podAntiAffinity`));
  for (const [index, server] of (spec.dnsConfig?.nameservers ?? []).entries()) {
    warnings.push(...addressWarnings(server, `${path}.dnsConfig.nameservers[${index}]`));
  }
  for (const [index, { ip }] of (spec.hostAliases ?? []).entries()) {
    warnings.push(...addressWarnings(ip, `${path}.hostAliases[${index}].ip`));
  }
  return warnings;
}

function schedulingWarnings(spec: PodSpec, path: string): string[] {
  const { nodeAffinity } = spec.affinity ?? {};
  const at = `${path}.affinity.nodeAffinity`;
  const terms = [
    ...(nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []).map(
      (term, index) =>
        [term, `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`, false] as const,
    ),
    ...(nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ preference }, index) =>
        [preference, `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`, true] as const,
    ),
  ];
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
      const text = oldNodeLabel(key);
      return text === undefined ? [] : [`${path}.nodeSelector[${key}]: ${text}`];
    }),
    ...terms.flatMap(([term, place, checkValues]) =>
      (term.matchExpressions ?? []).flatMap(({ key, values = [] }, index) => {
        const text = oldNodeLabel(key);
        const expression = `${place}.matchExpressions[${index}]`;
        return [
          ...(text === undefined ? [] : [`${expression}.key: ${key} is ${text}`]),
          ...(checkValues ? values : []).flatMap((value, number) =>
            labelValueProblems(value).map(
              (problem) => `${expression}.values[${number}]: ${value} is invalid, ${problem}`,
            ),
          ),
        ];
      }),
    ),
    ...(spec.topologySpreadConstraints ?? []).flatMap(({ topologyKey, labelSelector }, index) => {
      const constraint = `${path}.topologySpreadConstraints[${index}]`;
      const text = oldNodeLabel(topologyKey);
      return [
        ...(text === undefined ? [] : [`${constraint}.topologyKey: ${topologyKey} is ${text}`]),
        ...(labelSelector === undefined ? [nullSelector(constraint)] : []),
      ];
    }),
  ];
}

const nullSelector = (path: string) => `${path}.labelSelector: a null labelSelector results in matching no pod`;

function selectorWarnings(terms: Terms | undefined, path: string): string[] {
  return [
    ...(terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ labelSelector }, index) =>
      labelSelector === undefined
        ? [nullSelector(`${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`)]
        : [],
    ),
    ...(terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ podAffinityTerm }, index) =>
      podAffinityTerm.labelSelector === undefined
        ? [nullSelector(`${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm`)]
        : [],
    ),
  ];
}

function volumeWarnings(volumes: readonly Volume[], path: string): string[] {
  return volumes.flatMap((volume, index) => {
    const at = `${path}.volumes[${index}]`;
    const resources = volume.ephemeral?.volumeClaimTemplate?.spec?.resources;
    const claimAt = `${at}.ephemeral.volumeClaimTemplate.spec.resources`;
    return [
      ...Object.entries(OLD_VOLUMES).flatMap(([field, text]) =>
        volume[field as keyof Volume] === undefined
          ? []
          : // Upstream spells this one differently here.
            [`${at}.${field === 'storageos' ? 'storageOS' : field}: ${text}`],
      ),
      ...fractionWarnings(resources?.requests, `${claimAt}.requests`, ['storage']),
      ...fractionWarnings(resources?.limits, `${claimAt}.limits`, ['storage']),
    ];
  });
}

function containerWarnings(container: Container, path: string): string[] {
  const { limits, requests } = container.resources ?? {};
  const warnings: string[] = [];
  for (const name of ['memory', 'ephemeral-storage']) {
    warnings.push(...fractionWarnings(limits, `${path}.resources.limits`, [name]));
    warnings.push(...fractionWarnings(requests, `${path}.resources.requests`, [name]));
  }
  const names = new Set<string>();
  for (const [index, { name, value = '', valueFrom }] of (container.env ?? []).entries()) {
    const own = `$(${name})`;
    // A variable may be made of its own earlier value.
    const extends_ = valueFrom === undefined && value !== own && value.includes(own);
    if (names.has(name) && !extends_) {
      const text = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
      warnings.push(`${path}.env[${index}]: ${text}`);
    }
    names.add(name);
  }
  return warnings;
}

/** Bytes that are not whole. */
function fractionWarnings(
  list: Readonly<Record<string, string>> | undefined,
  path: string,
  names: readonly string[] = ['memory', 'ephemeral-storage'],
): string[] {
  return names.flatMap((name) => {
    const amount = list?.[name];
    if (amount === undefined || quantityInNano(amount) % 10n ** 9n === 0n) return [];
    const text = JSON.stringify(canonicalQuantity(amount));
    return [`${path}[${name}]: fractional byte value ${text} is invalid, must be an integer`];
  });
}

function repeated<Field extends string>(
  items: readonly Partial<Record<Field, unknown>>[],
  field: Field,
  path: string,
): string[] {
  const seen = new Set<unknown>();
  return items.flatMap((item, index) => {
    const value = item[field] ?? '';
    if (seen.has(value)) return [`${path}[${index}].${field}: duplicate ${field} ${JSON.stringify(value)}`];
    seen.add(value);
    return [];
  });
}

/**
 * Names that make poor host names.
 * @param use what the name becomes: `the Pod's hostname`, `Pod names and hostnames`.
 */
export function hostNameWarnings(name: string | undefined, use: string): string[] {
  const problems = name ? dns1123LabelProblems(name) : [];
  if (problems.length === 0) return [];
  const advice = 'which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: this is used in ${use}, ${advice}: [${problems.join(' ')}]`];
}
