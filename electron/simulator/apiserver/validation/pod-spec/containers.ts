import type { Container, PodSpec } from '../../strategies/pod-defaults';
import { duplicate, type FieldError, forbidden, notFound, required } from '../field-error';
import {
  type ContainerSurroundings,
  forbidLongRunningFields,
  hostPortConflicts,
  validateContainer,
  validateImageOfPod,
  validateRestartPolicy,
} from './container';
import { validateLifecycle, validateProbes } from './handlers';

type EphemeralContainer = NonNullable<PodSpec['ephemeralContainers']>[number];

/** A pod's containers of all three kinds (`validateContainers`, `validateInitContainers`, `validateEphemeralContainers`). */
export function validateContainers(spec: PodSpec, pod: ContainerSurroundings, path: string): FieldError[] {
  return [
    ...validateRegular(spec.containers ?? [], pod, `${path}.containers`),
    ...validateInit(spec, pod, `${path}.initContainers`),
    ...validateEphemeral(spec, pod, `${path}.ephemeralContainers`),
  ];
}

function validateRegular(containers: readonly Container[], pod: ContainerSurroundings, path: string): FieldError[] {
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  return [
    ...containers.flatMap((container, index) => {
      const at = `${path}[${index}]`;
      const name = container.name ?? '';
      const errors = validateContainer(container, pod, at);
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
      errors.push(...validateRunning(container, pod, at), ...validateRestartPolicy(container, at));
      return errors;
    }),
    ...hostPortConflicts(containers, path),
  ];
}

function validateRunning(container: Container, { gracePeriod }: ContainerSurroundings, path: string): FieldError[] {
  const { lifecycle } = container;
  return [
    ...(lifecycle === undefined ? [] : validateLifecycle(lifecycle, gracePeriod, `${path}.lifecycle`)),
    ...validateProbes(container, gracePeriod, path),
  ];
}

function validateInit(spec: PodSpec, pod: ContainerSurroundings, path: string): FieldError[] {
  const names = new Set((spec.containers ?? []).map(({ name }) => name ?? ''));
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const name = container.name ?? '';
    const isSidecar = container.restartPolicy === 'Always';
    const errors = validateContainer(container, pod, at);
    if (isSidecar && (container.restartPolicyRules ?? []).length > 0) {
      const text = 'restartPolicyRules are not allowed for init containers with restart policy Always';
      errors.push(forbidden(`${at}.restartPolicyRules`, text));
    } else errors.push(...validateRestartPolicy(container, at));
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else if (name !== '') names.add(name);
    // Init containers run one after the other: their ports conflict with nobody else's. Upstream's path is that of the first.
    errors.push(...hostPortConflicts([container], path));
    errors.push(...(isSidecar ? validateRunning(container, pod, at) : forbidLongRunningFields(container, at)));
    return errors;
  });
}

/** What an ephemeral container may not have, in the order of upstream's struct. */
const NOT_EPHEMERAL = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;

function validateEphemeral(spec: PodSpec, pod: ContainerSurroundings, path: string): FieldError[] {
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name ?? ''));
  const names = new Set(others);
  return (spec.ephemeralContainers ?? []).flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const { name = '', targetContainerName: target } = container;
    const errors = [...validateContainer(container, pod, at), ...validateImageOfPod(container, at)];
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    if (target && !others.has(target)) errors.push(notFound(`${at}.targetContainerName`, target));
    errors.push(...forbidEphemeralFields(container, at));
    return errors;
  });
}

function forbidEphemeralFields(container: EphemeralContainer, path: string): FieldError[] {
  const refuse = (field: string) => forbidden(`${path}.${field}`, 'cannot be set for an Ephemeral Container');
  const errors = NOT_EPHEMERAL.filter((field) => isSet(container[field])).map(refuse);
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    if (mount.subPath) errors.push(refuse(`volumeMounts[${index}].subPath`));
    if (mount.subPathExpr) errors.push(refuse(`volumeMounts[${index}].subPathExpr`));
  }
  return errors;
}

/** Whether a field holds anything: empty resources are the default. */
function isSet(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  return Object.keys(value).length > 0;
}
