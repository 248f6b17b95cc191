import type { Container, PodSpec } from '../../strategies/pod-defaults';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../field-error';
import { internalText } from '../internal-text';
import { inRange, oneOf } from '../values';
import { descendingPath } from './paths';
import { validateWindowsOptions } from './windows-options';

type PodSecurityContext = NonNullable<PodSpec['securityContext']>;
type SecurityContext = NonNullable<Container['securityContext']>;

const HIGHEST_ID = 2 ** 31 - 1;
const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const LONGEST_PROFILE = 4095;

/** Users and groups by number (`IsValidUserID`, `IsValidGroupID`). */
function validateId(id: number | undefined, path: string): FieldError[] {
  return id === undefined ? [] : inRange(id, 0, HIGHEST_ID, path);
}

/** What holds for all of a pod's containers (`validatePodSpecSecurityContext`). */
export function validatePodSecurityContext(spec: PodSpec, path: string): FieldError[] {
  const context = spec.securityContext;
  const errors: FieldError[] = [];
  if (context !== undefined) {
    errors.push(
      ...validateId(context.fsGroup, `${path}.fsGroup`),
      ...validateId(context.runAsUser, `${path}.runAsUser`),
      ...validateId(context.runAsGroup, `${path}.runAsGroup`),
      ...(context.supplementalGroups ?? []).flatMap((id, index) =>
        validateId(id, `${path}.supplementalGroups[${index}]`),
      ),
    );
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const text = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.push(invalid(`${path}.shareProcessNamespace`, true, text));
  }
  if (context === undefined) return errors;
  return [
    ...errors,
    ...validateSysctls(context, spec, `${path}.sysctls`),
    ...oneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${path}.fsGroupChangePolicy`),
    ...validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`),
    ...validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`),
    ...validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`),
    ...oneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], `${path}.supplementalGroupsPolicy`),
    ...oneOf(context.seLinuxChangePolicy, ['MountOption', 'Recursive'], `${path}.seLinuxChangePolicy`),
  ];
}

const SYSCTL_SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL = `^(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}$`;
const SYSCTL_NAME = new RegExp(SYSCTL);
const LONGEST_SYSCTL = 253;
const IPC_SYSCTL = /^(kernel\.shm|kernel\.msg|fs\.mqueue\.|kernel\.sem$)/;

function validateSysctls({ sysctls = [] }: PodSecurityContext, spec: PodSpec, path: string): FieldError[] {
  const names = new Set<string>();
  return sysctls.flatMap(({ name = '' }, index) => {
    const at = `${path}[${index}].name`;
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(at));
    else if (name.length > LONGEST_SYSCTL || !SYSCTL_NAME.test(name)) {
      errors.push(invalid(at, name, `must have at most ${LONGEST_SYSCTL} characters and match regex ${SYSCTL}`));
    } else if (names.has(name)) errors.push(duplicate(at, name));
    // Both `net.ipv4.x` and `net/ipv4/x` name one setting.
    const dotted = name.replaceAll('/', '.');
    if (spec.hostNetwork === true && dotted.startsWith('net.')) {
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    } else if (spec.hostIPC === true && IPC_SYSCTL.test(dotted)) {
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    }
    names.add(name);
    return errors;
  });
}

/** What holds for one container (`ValidateSecurityContext`). @param hostUsers whether the pod shares the node's users. */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  hostUsers: boolean,
  path: string,
): FieldError[] {
  if (context === undefined) return [];
  const { procMount, allowPrivilegeEscalation, privileged, capabilities } = context;
  const errors = [
    ...validateId(context.runAsUser, `${path}.runAsUser`),
    ...validateId(context.runAsGroup, `${path}.runAsGroup`),
    ...oneOf(procMount, ['Default', 'Unmasked'], `${path}.procMount`),
  ];
  if (hostUsers && procMount === 'Unmasked') {
    errors.push(invalid(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  errors.push(...validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`));
  if (allowPrivilegeEscalation === false) {
    const refuse = (what: string) =>
      invalid(
        path,
        internalText('SecurityContext', context),
        `cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
      );
    if (privileged === true) errors.push(refuse('`privileged` to true'));
    for (const capability of capabilities?.add ?? []) {
      if (capability === 'CAP_SYS_ADMIN') errors.push(refuse('`capabilities.Add` CAP_SYS_ADMIN'));
    }
  }
  errors.push(...validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`));
  errors.push(...validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`));
  return errors;
}

function validateSeccompProfile(profile: SecurityContext['seccompProfile'], path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile: file } = profile;
  const at = `${path}.localhostProfile`;
  const errors: FieldError[] = [];
  if (!type) errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!PROFILE_TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, PROFILE_TYPES));
  if (type === 'Localhost') {
    if (file === undefined) errors.push(required(at, 'must be set when seccomp type is Localhost'));
    else errors.push(...descendingPath(file, at));
  } else if (file !== undefined) {
    errors.push(invalid(at, internalText('SeccompProfile', profile), 'can only be set when seccomp type is Localhost'));
  }
  return errors;
}

function validateAppArmorProfile(profile: SecurityContext['appArmorProfile'], path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile: file } = profile;
  const at = `${path}.localhostProfile`;
  const mustBeSet = required(at, 'must be set when AppArmor type is Localhost');
  switch (type) {
    case 'Localhost': {
      if (file === undefined) return [mustBeSet];
      const errors: FieldError[] = [];
      if (file !== file.trim()) errors.push(invalid(at, file, 'must not be padded with whitespace'));
      else if (file === '') errors.push(mustBeSet);
      if (file.length > LONGEST_PROFILE) errors.push(tooLong(at, LONGEST_PROFILE));
      return errors;
    }
    case 'RuntimeDefault':
    case 'Unconfined':
      return file === undefined ? [] : [invalid(at, file, 'can only be set when AppArmor type is Localhost')];
    default:
      return [
        type
          ? notSupported(`${path}.type`, type, PROFILE_TYPES)
          : required(`${path}.type`, 'type is required when appArmorProfile is set'),
      ];
  }
}

/** Pods with users of their own share little else with the node (`validateHostUsers`). */
export function validateHostUsers(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const refuse = (field: string) => forbidden(`${path}.${field}`, 'when `hostUsers` is false');
  const errors: FieldError[] = [];
  if (spec.hostNetwork === true) errors.push(refuse('hostNetwork'));
  // Upstream writes these two with a capital.
  if (spec.hostPID === true) errors.push(refuse('HostPID'));
  if (spec.hostIPC === true) errors.push(refuse('HostIPC'));
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [index, container] of (spec[field] ?? []).entries()) {
      if ((container.volumeDevices ?? []).length > 0) errors.push(refuse(`${field}[${index}].volumeDevices`));
    }
  }
  return errors;
}
