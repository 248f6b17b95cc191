import { isDeepStrictEqual } from 'node:util';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { qosClassOf } from '../../../../shared/kubernetes/qos';
import type { Container, PodSpec } from '../strategies/pod-defaults';
import { type FieldError, forbidden, invalid } from './field-error';
import { MIRROR_ANNOTATION } from './pod-spec/annotations';

type Quantities = Readonly<Record<string, string>> | undefined;

/**
 * What may change in a running pod's requests and limits (`ValidatePodResize`). Everything else in the spec has been put
 * back to what it was.
 */
export function validatePodResize(pod: Pod, old: Pod): FieldError[] {
  const spec = pod.spec ?? { containers: [] };
  const oldSpec = old.spec ?? { containers: [] };
  if (old.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) {
    return [forbidden('', 'static pods cannot be resized')];
  }
  if (oldSpec.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const errors: FieldError[] = [];
  if ((old.status?.qosClass ?? qosClassOf(old)) !== qosClassOf(pod)) {
    errors.push(invalid('spec', pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'));
  }
  const running = (old.status?.containerStatuses ?? []).find(({ state }) => state?.running !== undefined);
  if (running !== undefined && running.resources === undefined) {
    errors.push(forbidden('spec', 'Pod running on node without support for resize'));
  }
  if (hasOwnResources(spec) || hasOwnResources(oldSpec)) {
    const gate = 'InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled';
    return [...errors, forbidden('', `resize of pods with pod-level resources is forbidden when ${gate}`)];
  }
  const order = (['containers', 'initContainers'] as const).flatMap((field) => validateOrder(spec, oldSpec, field));
  errors.push(...order);
  if (order.length > 0) return errors;
  for (const field of ['initContainers', 'containers'] as const) {
    for (const [index, had] of (oldSpec[field] ?? []).entries()) {
      if (field === 'initContainers' && had.restartPolicy !== 'Always') continue;
      const has = spec[field]?.[index];
      const at = `spec.${field}[${index}].resources`;
      for (const list of ['requests', 'limits'] as const) {
        if (!isRemoved(has?.resources?.[list], had.resources?.[list])) continue;
        errors.push(forbidden(`${at}.${list}`, `resource ${list} cannot be removed`));
      }
    }
  }
  errors.push(...validateOthers(spec, oldSpec));
  return errors;
}

const hasOwnResources = ({ resources }: PodSpec) =>
  Object.keys({ ...resources?.requests, ...resources?.limits }).length > 0;

const isRemoved = (list: Quantities, old: Quantities) =>
  Object.keys(old ?? {}).some((name) => list?.[name] === undefined);

function validateOrder(spec: PodSpec, old: PodSpec, field: 'containers' | 'initContainers'): FieldError[] {
  const had = old[field] ?? [];
  const has = spec[field] ?? [];
  if (has.length !== had.length) return [forbidden(`spec.${field}`, `${field} may not be added or removed on resize`)];
  return had.flatMap(({ name }, index) =>
    has[index]?.name === name
      ? []
      : [forbidden(`spec.${field}[${index}].name`, `${field} may not be renamed or reordered on resize`)],
  );
}

/** Nothing but processor time and memory may change. */
function validateOthers(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, had] of (old.containers ?? []).entries()) {
    if (!isDeepStrictEqual(withoutComputeOf(spec.containers[index]), withoutComputeOf(had))) {
      errors.push(forbidden('spec', 'only cpu and memory resources are mutable'));
    }
  }
  for (const [index, had] of (old.initContainers ?? []).entries()) {
    const has = spec.initContainers?.[index];
    if (had.restartPolicy !== 'Always') {
      if (!isDeepStrictEqual(has, had)) {
        errors.push(forbidden('spec', 'resources for non-sidecar init containers are immutable'));
      }
    } else if (!isDeepStrictEqual(withoutComputeOf(has), withoutComputeOf(had))) {
      errors.push(forbidden('spec', 'only cpu and memory resources for sidecar containers are mutable'));
    }
  }
  return errors;
}

function withoutComputeOf(container: Container | undefined): unknown {
  const others = (list: Quantities) =>
    Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => name !== 'cpu' && name !== 'memory'));
  const { resources, resizePolicy: _, ...rest } = container ?? {};
  return { ...rest, requests: others(resources?.requests), limits: others(resources?.limits) };
}
