import { dns1123SubdomainProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden, invalid } from './field-error';
import { addressWarnings, isIPv4Address, isIPv6Address, legacyAddressProblems } from './ip-addresses';
import { immutable, invalidFor } from './values';

type Status = NonNullable<Pod['status']>;
type ContainerStatus = NonNullable<Status['containerStatuses']>[number];

const SYSTEM_CONDITIONS = ['PodScheduled', 'Ready', 'Initialized'];

/** What may not happen to a pod's status (`ValidatePodStatusUpdate`). */
export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const { status = {} } = pod;
  const { status: oldStatus = {} } = old;
  const nominated = status.nominatedNodeName;
  const errors: FieldError[] = (status.conditions ?? []).flatMap(({ type = '' }, index) =>
    SYSTEM_CONDITIONS.includes(type) ? [] : invalidFor(`status.conditions[${index}].Type`, type, qualifiedNameProblems),
  );
  if (nominated && nominated !== oldStatus.nominatedNodeName) {
    errors.push(...invalidFor('status.nominatedNodeName', nominated, dns1123SubdomainProblems));
    if (old.spec?.nodeName) {
      const text = 'may not be set on pods that are already bound to a node';
      errors.push(forbidden('status.nominatedNodeName', text));
    }
  }
  if ((status.observedGeneration ?? 0) < 0) {
    const text = 'must be a non-negative integer';
    errors.push(invalid('status.observedGeneration', status.observedGeneration, text));
  }
  errors.push(...immutable(status.qosClass ?? oldStatus.qosClass, oldStatus.qosClass, 'status.qosClass'));
  errors.push(...validateRestarts(old, status, oldStatus));
  errors.push(...validatePodIPs(status, oldStatus), ...validateHostIPs(status, oldStatus));
  return errors;
}

/** A container that has ended for good does not come back (`ValidateContainerStateTransition` and its kin). */
function validateRestarts(pod: Pod, status: Status, old: Status): FieldError[] {
  const { spec } = pod;
  const lists = [
    ['containerStatuses', spec?.containers ?? []],
    ['initContainerStatuses', spec?.initContainers ?? []],
    ['ephemeralContainerStatuses', []],
  ] as const;
  return lists.flatMap(([field, containers]) =>
    (old[field] ?? []).flatMap((had: ContainerStatus, index) => {
      const exitCode = had.state?.terminated?.exitCode;
      const has = (status[field] ?? []).find(({ name }) => name === had.name);
      if (exitCode === undefined || has === undefined || has.state?.terminated !== undefined) return [];
      const container = containers.find(({ name }) => name === had.name);
      if (container !== undefined && mayRestart(container, spec?.restartPolicy, exitCode)) return [];
      return [forbidden(`status.${field}[${index}].state`, 'may not be transitioned to non-terminated state')];
    }),
  );
}

interface Restartable {
  restartPolicy?: string;
  restartPolicyRules?: readonly { action?: string; exitCodes?: { operator?: string; values?: readonly number[] } }[];
}

/** pkg/api/v1/pod, `ContainerShouldRestart`. */
function mayRestart(container: Restartable, podPolicy: string | undefined, exitCode: number): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    if (action !== 'Restart' || exitCodes === undefined) continue;
    if ((exitCodes.values ?? []).includes(exitCode) === (exitCodes.operator === 'In')) return true;
  }
  const policy = container.restartPolicy ?? podPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

function validatePodIPs({ podIPs = [] }: Status, old: Status): FieldError[] {
  return validateAddresses(podIPs, old.podIPs ?? [], 'status.podIPs');
}

function validateHostIPs({ hostIP = '', hostIPs = [] }: Status, old: Status): FieldError[] {
  const first = hostIPs[0]?.ip;
  const errors = validateAddresses(hostIPs, old.hostIPs ?? [], 'status.hostIPs');
  if (first !== undefined && first !== hostIP) {
    errors.unshift(invalid('status.hostIPs[0].ip', first, 'must be equal to `hostIP`'));
  }
  return errors;
}

/** One address of each family at most; those that were there may stay. */
function validateAddresses(
  addresses: readonly { ip?: string }[],
  old: readonly { ip?: string }[],
  path: string,
): FieldError[] {
  const had = new Set(old.map(({ ip }) => ip ?? ''));
  const errors = addresses.flatMap(({ ip = '' }, index) =>
    had.has(ip) ? [] : invalidFor(`${path}[${index}]`, ip, legacyAddressProblems),
  );
  if (addresses.length < 2) return errors;
  const texts = addresses.map(({ ip = '' }) => ip);
  if (addresses.length > 2 || !texts.some((ip) => isIPv4Address(ip)) || !texts.some((ip) => isIPv6Address(ip))) {
    const shown = texts.map((IP) => ({ IP }));
    errors.push(invalid(path, shown, 'may specify no more than one IP for each IP family'));
  }
  return errors;
}

/** @returns texts for `Warning` headers: addresses in unusual forms. */
export function podStatusWarnings({ status }: Pod): string[] {
  return [
    ...(status?.podIPs ?? []).flatMap(({ ip = '' }, index) => addressWarnings(ip, `status.podIPs[${index}].ip`)),
    ...(status?.hostIPs ?? []).flatMap(({ ip = '' }, index) => addressWarnings(ip, `status.hostIPs[${index}].ip`)),
  ];
}
