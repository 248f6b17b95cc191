import { isDeepStrictEqual } from 'node:util';
import type { Pod } from '../../../../../shared/kubernetes/objects';
import type { Container, PodSpec } from '../../strategies/pod-defaults';
import { type FieldError, forbidden, invalid } from '../field-error';
import { containersOf } from './containers-of';
import { descendingPath } from './paths';

type Annotations = NonNullable<Pod['metadata']>['annotations'];

/** What a kubelet marks the API's images of its static pods with. */
export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** Annotations that mean something to a cluster (`ValidatePodSpecificAnnotations`). */
export function validatePodAnnotations(annotations: Annotations, spec: PodSpec, path: string): FieldError[] {
  if (annotations === undefined) return [];
  const errors: FieldError[] = [];
  const mirror = annotations[MIRROR_ANNOTATION];
  if (mirror !== undefined && !spec.nodeName) {
    const text = 'must set spec.nodeName if mirror pod annotation is set';
    errors.push(invalid(`${path}[${MIRROR_ANNOTATION}]`, mirror, text));
  }
  const cost = annotations[DELETION_COST];
  if (cost !== undefined && !isInt32(cost)) {
    errors.push(invalid(`${path}[${DELETION_COST}]`, cost, 'must be a 32bit integer'));
  }
  for (const [key, value] of Object.entries(annotations)) {
    if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER)) {
      errors.push(...validateSeccomp(value, `${path}.${key}`));
    }
    if (key.startsWith(APPARMOR)) errors.push(...validateAppArmor(key, value, spec, `${path}[${key}]`));
  }
  return errors;
}

/** As Go's `ParseInt` reads a 32-bit integer, without a leading `+` or zeros (`GetDeletionCostFromPodAnnotations`). */
function isInt32(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text) && Math.abs(Number(text) + 0.5) < 2 ** 31;
}

function validateSeccomp(profile: string, path: string): FieldError[] {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return [];
  if (profile.startsWith('localhost/')) return descendingPath(profile.slice('localhost/'.length), path);
  return [invalid(path, profile, 'must be a valid seccomp profile')];
}

function validateAppArmor(key: string, profile: string, spec: PodSpec, path: string): FieldError[] {
  const container = key.slice(APPARMOR.length);
  const errors: FieldError[] = [];
  if (!containersOf(spec, '').some(([{ name }]) => name === container)) {
    errors.push(invalid(path, container, 'container not found'));
  }
  if (!['', 'runtime/default', 'unconfined'].includes(profile) && !profile.startsWith('localhost/')) {
    errors.push(invalid(path, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`));
  }
  return errors;
}

/**
 * Where an annotation from before the fields and a field both name a profile, they must agree
 * (`validateSeccompAnnotationsAndFields`, `validateAppArmorAnnotationsAndFieldsMatchOnCreate`).
 */
export function validateProfileAnnotations(annotations: Annotations, spec: PodSpec, path: string): FieldError[] {
  if (annotations === undefined) return [];
  const containers = containersOf(spec, path);
  const seccomp = [
    [SECCOMP_POD, spec.securityContext?.seccompProfile, `${path}.securityContext`] as const,
    ...containers.map(
      ([{ name, securityContext }, at]) =>
        [`${SECCOMP_CONTAINER}${name}`, securityContext?.seccompProfile, `${at}.securityContext`] as const,
    ),
  ];
  const appArmor = containers.map(([{ name, securityContext }, at]) => {
    const profile = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    return [`${APPARMOR}${name}`, profile, `${at}.securityContext`] as const;
  });
  return [
    ...seccomp.flatMap(([key, profile, at]) =>
      disagreements(annotations[key], profile, 'seccomp', `${at}.seccompProfile`),
    ),
    ...(spec.os?.name === 'windows' ? [] : appArmor).flatMap(([key, profile, at]) =>
      disagreements(annotations[key], profile, 'apparmor', `${at}.appArmorProfile`),
    ),
  ];
}

interface Profile {
  type?: string;
  localhostProfile?: string;
}

/** How old annotations write the types of profiles. */
const ANNOTATED: Readonly<Record<string, readonly string[]>> = {
  Unconfined: ['unconfined'],
  RuntimeDefault: ['runtime/default', 'docker/default'],
};
const LOCALHOST = 'localhost/';

function disagreements(
  annotation: string | undefined,
  profile: Profile | undefined,
  what: 'seccomp' | 'apparmor',
  path: string,
): FieldError[] {
  if (annotation === undefined || profile === undefined) return [];
  const { type = '', localhostProfile } = profile;
  const otherType = forbidden(`${path}.type`, `${what} type in annotation and field must match`);
  if (type === 'Localhost') {
    if (!annotation.startsWith(LOCALHOST)) return [otherType];
    if (annotation.slice(LOCALHOST.length) === localhostProfile) return [];
    return [forbidden(`${path}.localhostProfile`, `${what} profile in annotation and field must match`)];
  }
  const written = ANNOTATED[type] ?? [annotation];
  return written.includes(annotation) && (what === 'seccomp' || annotation !== 'docker/default') ? [] : [otherType];
}

/** The field that says the same as an old annotation (pkg/api/pod, `ApparmorFieldForAnnotation`). */
function appArmorProfileOf(annotation: string): Profile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const localhostProfile = annotation.startsWith(LOCALHOST) ? annotation.slice(LOCALHOST.length) : '';
  return localhostProfile === '' ? undefined : { type: 'Localhost', localhostProfile };
}

/**
 * Lets containers' AppArmor profiles that are only annotated stand in the field that kubelets read
 * (pkg/registry/core/pod, `applyAppArmorVersionSkew`).
 */
export function applyAppArmorAnnotations(annotations: Annotations, spec: PodSpec): void {
  for (const [container, profile] of annotatedAppArmor(annotations, spec)) {
    if (profile === undefined || isDeepStrictEqual(profile, spec.securityContext?.appArmorProfile)) continue;
    const { type = '', localhostProfile } = profile;
    container.securityContext = {
      ...container.securityContext,
      appArmorProfile: { type, ...(localhostProfile === undefined ? {} : { localhostProfile }) },
    };
  }
}

/**
 * Warns of AppArmor profiles that are annotated. By the time of warnings the field says the same, whoever wrote it: unlike
 * upstream, this warns of those who wrote both.
 */
export function appArmorWarnings(annotations: Annotations, spec: PodSpec, path: string): string[] {
  if (annotations === undefined || spec.os?.name === 'windows') return [];
  return containersOf(spec, '').flatMap(([{ name, securityContext }]) => {
    const key = `${APPARMOR}${name}`;
    const annotation = annotations[key];
    if (annotation === undefined) return [];
    const profile = appArmorProfileOf(annotation);
    if (profile !== undefined && !isDeepStrictEqual(profile, securityContext?.appArmorProfile)) return [];
    return [`${path}[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`];
  });
}

function annotatedAppArmor(annotations: Annotations, spec: PodSpec): (readonly [Container, Profile | undefined])[] {
  if (annotations === undefined || spec.os?.name === 'windows') return [];
  return containersOf(spec, '').flatMap(([container]) => {
    const annotation = annotations[`${APPARMOR}${container.name}`];
    if (annotation === undefined || container.securityContext?.appArmorProfile !== undefined) return [];
    return [[container, appArmorProfileOf(annotation)] as const];
  });
}

/** Those that stay as they are for a pod's life (`ValidatePodSpecificAnnotationUpdates`). */
export function validateAnnotationUpdates(annotations: Annotations, old: Annotations, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (key: string, text: string) => errors.push(forbidden(`${path}[${key}]`, text));
  for (const [key, value] of Object.entries(old ?? {})) {
    if (annotations?.[key] === value) continue;
    if (key.startsWith(APPARMOR)) refuse(key, 'may not remove or update AppArmor annotations');
    if (key === MIRROR_ANNOTATION) refuse(key, 'may not remove or update mirror pod annotation');
  }
  for (const key of Object.keys(annotations ?? {})) {
    if (old?.[key] !== undefined) continue;
    if (key.startsWith(APPARMOR)) refuse(key, 'may not add AppArmor annotations');
    if (key === MIRROR_ANNOTATION) refuse(key, 'may not add mirror pod annotation');
  }
  return errors;
}
