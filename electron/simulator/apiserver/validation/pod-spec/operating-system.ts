import type { PodSpec } from '../../strategies/pod-defaults';
import { type FieldError, forbidden, notSupported, required } from '../field-error';
import { containersOf } from './containers-of';

const SYSTEMS = ['linux', 'windows'];

/** What a pod may not ask of the operating system that it names (`validateOS`, `validateLinux`, `validateWindows`). */
export function validateOperatingSystem(spec: PodSpec, path: string): FieldError[] {
  if (spec.os === undefined) return [];
  const { name } = spec.os;
  if (!name) return [required(`${path}.os.name`)];
  if (name === 'linux') return validateLinux(spec, path);
  if (name === 'windows') return validateWindows(spec, path);
  return [notSupported(`${path}.os`, name, SYSTEMS)];
}

function validateLinux(spec: PodSpec, path: string): FieldError[] {
  const contexts = [
    [spec.securityContext, path] as const,
    ...containersOf(spec, path).map(([container, at]) => [container.securityContext, at] as const),
  ];
  return contexts.flatMap(([context, at]) =>
    context?.windowsOptions === undefined
      ? []
      : [forbidden(`${at}.securityContext.windowsOptions`, 'windows options cannot be set for a linux pod')],
  );
}

const NOT_FOR_CONTAINERS = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

function validateWindows(spec: PodSpec, path: string): FieldError[] {
  const context = spec.securityContext;
  const at = `${path}.securityContext`;
  // In upstream's order; its internal security context holds some fields of the spec, too.
  const given: [string, unknown][] = [
    [`${at}.appArmorProfile`, context?.appArmorProfile],
    [`${at}.seLinuxOptions`, context?.seLinuxOptions],
    [`${path}.hostUsers`, spec.hostUsers],
    [`${path}.hostPID`, spec.hostPID === true || undefined],
    [`${path}.hostIPC`, spec.hostIPC === true || undefined],
    [`${at}.seccompProfile`, context?.seccompProfile],
    [`${at}.fsGroup`, context?.fsGroup],
    [`${at}.fsGroupChangePolicy`, context?.fsGroupChangePolicy],
    [`${at}.sysctls`, (context?.sysctls ?? []).length > 0 || undefined],
    [`${path}.shareProcessNamespace`, spec.shareProcessNamespace],
    [`${at}.runAsUser`, context?.runAsUser],
    [`${at}.runAsGroup`, context?.runAsGroup],
    [`${at}.supplementalGroups`, context?.supplementalGroups],
    [`${at}.supplementalGroupsPolicy`, context?.supplementalGroupsPolicy],
    [`${at}.seLinuxChangePolicy`, context?.seLinuxChangePolicy],
  ];
  for (const [container, place] of containersOf(spec, path)) {
    for (const field of NOT_FOR_CONTAINERS) {
      given.push([`${place}.securityContext.${field}`, container.securityContext?.[field]]);
    }
  }
  return given.flatMap(([field, value]) =>
    value === undefined ? [] : [forbidden(field, 'cannot be set for a windows pod')],
  );
}
