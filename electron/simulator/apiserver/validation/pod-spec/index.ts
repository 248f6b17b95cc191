import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  qualifiedNameProblems,
} from '../../../../../shared/kubernetes/label-syntax';
import type { Pod } from '../../../../../shared/kubernetes/objects';
import type { PodSpec } from '../../strategies/pod-defaults';
import { duplicate, type FieldError } from '../field-error';
import { validateLabels } from '../labels';
import { inRange, invalidFor, oneOf } from '../values';
import { validateAffinity } from './affinity';
import { validateContainers } from './containers';
import { validateFileKeyVolumes } from './environment';
import { validateDnsConfig, validateHostAliases, validateHostNetwork, validateHostnameOverride } from './network';
import { validateOperatingSystem } from './operating-system';
import { validateResourceClaims } from './resource-claims';
import { validateContainerResources, validatePodResources } from './resources';
import { validateHostUsers, validatePodSecurityContext } from './security-context';
import { validateTolerations } from './tolerations';
import { validateTopologySpread } from './topology-spread';
import { validateVolumes } from './volumes';
import { validateHostProcess } from './windows-options';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];
const HIGHEST_INT32 = 2 ** 31 - 1;

/**
 * A pod's spec, wherever it stands (`ValidatePodSpec`).
 * @param metadata of the pod that the spec is of; absent in a template, which is held less strictly in places.
 */
export function validatePodSpec(spec: PodSpec, metadata: Pod['metadata'] | undefined, path: string): FieldError[] {
  const isPod = metadata !== undefined;
  const { errors, volumes } = validateVolumes(
    spec.volumes ?? [],
    { podName: metadata?.name, isPod },
    `${path}.volumes`,
  );
  const resourceClaims = new Set(
    (spec.resourceClaims ?? []).map(({ name }) => name ?? '').filter((name) => name !== ''),
  );
  const pod = {
    volumes,
    resourceClaims,
    podRestartPolicy: spec.restartPolicy,
    hostUsers: spec.hostUsers !== false,
    gracePeriod: spec.terminationGracePeriodSeconds,
  };
  return [
    ...errors,
    ...validateResourceClaims(spec, metadata, `${path}.resourceClaims`),
    ...validateContainers(spec, pod, path),
    ...validatePodResources(spec, resourceClaims, `${path}.resources`),
    ...validateHostNetwork(spec, isPod, path),
    ...oneOf(spec.restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`),
    ...oneOf(spec.dnsPolicy, DNS_POLICIES, `${path}.dnsPolicy`),
    ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurityContext(spec, `${path}.securityContext`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...validateDnsConfig(spec, `${path}.dnsConfig`),
    ...validateGates(spec, path),
    ...validateTopologySpread(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`),
    ...validateHostProcess(spec, path),
    ...validateHostUsers(spec, path),
    ...validateHostnameOverride(spec, `${path}.hostnameOverride`),
    ...validateNames(spec, path),
    ...validateOperatingSystem(spec, path),
    ...validateFileKeyVolumes(spec, path),
  ];
}

/** Conditions that a pod's readiness waits for, and marks that its scheduling waits for. */
function validateGates(spec: PodSpec, path: string): FieldError[] {
  const names = new Set<string>();
  return [
    ...(spec.readinessGates ?? []).flatMap(({ conditionType }, index) =>
      invalidFor(`${path}.readinessGates[${index}].conditionType`, conditionType ?? '', qualifiedNameProblems),
    ),
    ...(spec.schedulingGates ?? []).flatMap(({ name = '' }, index) => {
      const at = `${path}.schedulingGates[${index}]`;
      const errors = invalidFor(at, name, qualifiedNameProblems);
      if (names.has(name)) errors.push(duplicate(at, name));
      names.add(name);
      return errors;
    }),
  ];
}

function validateNames(spec: PodSpec, path: string): FieldError[] {
  const deadline = spec.activeDeadlineSeconds;
  const name = (field: 'serviceAccountName' | 'nodeName' | 'priorityClassName') =>
    spec[field] ? invalidFor(`${path}.${field}`, spec[field], dns1123SubdomainProblems) : [];
  return [
    ...name('serviceAccountName'),
    ...name('nodeName'),
    ...(deadline === undefined ? [] : inRange(deadline, 1, HIGHEST_INT32, `${path}.activeDeadlineSeconds`)),
    ...(['hostname', 'subdomain'] as const).flatMap((field) =>
      spec[field] ? invalidFor(`${path}.${field}`, spec[field], dns1123LabelProblems) : [],
    ),
    ...validateTolerations(spec.tolerations ?? [], `${path}.tolerations`),
    ...validateHostAliases(spec, `${path}.hostAliases`),
    ...name('priorityClassName'),
    ...(spec.runtimeClassName === undefined
      ? []
      : invalidFor(`${path}.runtimeClassName`, spec.runtimeClassName, dns1123SubdomainProblems)),
    ...oneOf(spec.preemptionPolicy, PREEMPTION_POLICIES, `${path}.preemptionPolicy`),
    // Upstream takes the overhead for the limits of a container.
    ...(spec.overhead === undefined
      ? []
      : validateContainerResources({ limits: spec.overhead }, new Set(), `${path}.overhead`)),
  ];
}
