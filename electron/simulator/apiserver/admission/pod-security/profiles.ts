import {
  allContainers,
  type CheckPod,
  containersText,
  namesOf,
  type PodSpec,
  plural,
  quoted,
  settersText,
  sorted,
} from './check';

const RUNTIME_DEFAULT = 'RuntimeDefault';
const LOCALHOST = 'Localhost';
const isConfined = (type: string) => type === RUNTIME_DEFAULT || type === LOCALHOST;

const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

export const appArmorProfile: CheckPod = (spec, { annotations = {} }) => {
  const isBad = (profile: { type: string } | undefined) => profile !== undefined && !isConfined(profile.type);
  const byPod = isBad(spec.securityContext?.appArmorProfile);
  const names = namesOf(spec, (_, security) => isBad(security.appArmorProfile));
  const set = sorted(profilesOf(spec, 'appArmorProfile').filter((type) => !isConfined(type)));
  const noted = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(APP_ARMOR_ANNOTATION) && !isAnnotatedAppArmor(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const setters = [
    ...(byPod || names.length > 0 ? [settersText(byPod, names)] : []),
    ...(noted.length > 0 ? [plural('annotation', noted.length)] : []),
  ];
  if (setters.length === 0) return undefined;
  const values = [...set, ...noted];
  return {
    reason: plural('forbidden AppArmor profile', values.length),
    detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  };
};

function isAnnotatedAppArmor(profile: string): boolean {
  return profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
}

const SECCOMP_POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';

/** Before 1.19 it was annotations that said it. */
export const seccompAnnotations: CheckPod = (spec, { annotations = {} }) => {
  const keys = [SECCOMP_POD_ANNOTATION, ...allContainers(spec).map(({ name }) => SECCOMP_CONTAINER_ANNOTATION + name)];
  const forbidden = sorted(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined || isAnnotatedSeccomp(value) ? [] : [`${key}=${JSON.stringify(value)}`];
    }),
  );
  if (forbidden.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `forbidden ${plural('annotation', forbidden.length)} ${forbidden.join(', ')}`,
  };
};

function isAnnotatedSeccomp(profile: string): boolean {
  return profile === 'runtime/default' || profile === 'docker/default' || profile.startsWith('localhost/');
}

export const seccompBaseline: CheckPod = (spec) => {
  const isBad = (profile: { type: string } | undefined) => profile !== undefined && !isConfined(profile.type);
  const setters = settersText(
    isBad(spec.securityContext?.seccompProfile),
    namesOf(spec, (_, security) => isBad(security.seccompProfile)),
  );
  if (setters === '') return undefined;
  const values = sorted(profilesOf(spec, 'seccompProfile').filter((type) => !isConfined(type)));
  return {
    reason: 'seccompProfile',
    detail: `${setters} must not set securityContext.seccompProfile.type to ${quoted(values)}`,
  };
};

export const seccompRestricted: CheckPod = (spec, metadata) => {
  const set = seccompBaseline(spec, metadata);
  if (set !== undefined) return set;
  if (spec.securityContext?.seccompProfile !== undefined) return undefined;
  const names = namesOf(spec, (_, security) => security.seccompProfile === undefined);
  if (names.length === 0) return undefined;
  const text = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return { reason: 'seccompProfile', detail: `pod or ${containersText(names)} ${text}` };
};

function profilesOf(spec: PodSpec, kind: 'appArmorProfile' | 'seccompProfile'): string[] {
  return [spec, ...allContainers(spec)].flatMap(({ securityContext }) => securityContext?.[kind]?.type ?? []);
}

export const procMount: CheckPod = (spec) => {
  const names = namesOf(spec, (_, { procMount: mount }) => mount !== undefined && mount !== 'Default');
  if (names.length === 0) return undefined;
  const values = sorted(allContainers(spec).flatMap(({ securityContext }) => securityContext?.procMount ?? []));
  const text = `must not set securityContext.procMount to ${quoted(values.filter((value) => value !== 'Default'))}`;
  return { reason: 'procMount', detail: `${containersText(names)} ${text}` };
};

const SE_LINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/** @param more types that newer versions allow as well. */
export function seLinuxOptions(...more: string[]): CheckPod {
  const types = new Set([...SE_LINUX_TYPES, ...more]);
  const isBad = (options: { type?: string; user?: string; role?: string } | undefined) =>
    options !== undefined && (!types.has(options.type ?? '') || Boolean(options.user) || Boolean(options.role));
  return (spec) => {
    const setters = settersText(
      isBad(spec.securityContext?.seLinuxOptions),
      namesOf(spec, (_, security) => isBad(security.seLinuxOptions)),
    );
    if (setters === '') return undefined;
    const all = [spec, ...allContainers(spec)].flatMap(({ securityContext }) => securityContext?.seLinuxOptions ?? []);
    const bad = sorted(all.map(({ type = '' }) => type).filter((type) => !types.has(type)));
    const what = [
      ...(bad.length > 0 ? [`${plural('type', bad.length)} ${quoted(bad)}`] : []),
      ...(all.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(all.some(({ role }) => role) ? ['role may not be set'] : []),
    ];
    return {
      reason: 'seLinuxOptions',
      detail: `${setters} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
    };
  };
}

const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];

/** @param more names that newer versions allow as well. */
export function sysctls(...more: string[]): CheckPod {
  const allowed = new Set([...SYSCTLS, ...more]);
  return ({ securityContext }) => {
    const names = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.has(name));
    return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') };
  };
}
