import type { KubeObject, Pod } from '../../../../shared/kubernetes/objects';
import { deepCopy } from '../json';
import type { ResourceDefinition } from '../registry/definition';
import type { Container } from '../strategies/pod-defaults';
import { scaleView } from './scale';
import type { ObjectView } from './subresource';

/** The whole object, of which only the status is taken. */
const status: ObjectView = { mode: 'status', view: (object) => object, merge: (_, wanted) => wanted };

/** The same for who approves: what of the status may be written is the kind's to say. */
const approval: ObjectView = { ...status, mode: 'approval' };

/** `namespaces/NAME/finalize`: all but the status is taken (pkg/registry/core/namespace/strategy.go). */
const finalize: ObjectView = { ...status, mode: 'finalize' };

/** `pods/NAME/ephemeralcontainers`: only those are taken, and none that is there goes. */
const ephemeralContainers: ObjectView = {
  mode: 'main',
  view: (object) => object,
  merge(current, wanted) {
    const next: Pod = withPreconditions(current, wanted);
    const containers = (wanted as Pod).spec?.ephemeralContainers;
    if (next.spec !== undefined) {
      next.spec = { ...next.spec, ephemeralContainers: containers };
      if (containers === undefined) delete next.spec.ephemeralContainers;
    }
    return next;
  },
};

/** `pods/NAME/resize`: only the containers' resources are taken (pkg/registry/core/pod/strategy.go, `dropNonResizeUpdates`). */
const resize: ObjectView = {
  mode: 'main',
  view: (object) => object,
  merge(current, wanted) {
    const next: Pod = withPreconditions(current, wanted);
    const spec = (wanted as Pod).spec;
    if (next.spec === undefined || spec === undefined) return next;
    const containers = resized(next.spec.containers, spec.containers ?? []);
    const initContainers = resized(next.spec.initContainers ?? [], spec.initContainers ?? []);
    next.spec = { ...next.spec, containers, ...(initContainers.length === 0 ? {} : { initContainers }) };
    return next;
  },
};

/** Containers that are others than before are left for validation to refuse. */
function resized(current: readonly Container[], wanted: Container[]): Container[] {
  const same = current.length === wanted.length && current.every(({ name }, index) => wanted[index]?.name === name);
  if (!same) return wanted;
  return current.map((container, index) => {
    const { resources, resizePolicy } = wanted[index] ?? container;
    const next = { ...container };
    for (const [field, value] of Object.entries({ resources, resizePolicy })) {
      if (value === undefined) Reflect.deleteProperty(next, field);
      else Reflect.set(next, field, value);
    }
    return next;
  });
}

/** A copy of the present object that asks for the version and uid that the wanted one names. */
function withPreconditions(current: KubeObject, wanted: KubeObject): KubeObject {
  const next = deepCopy(current);
  if (wanted.metadata?.resourceVersion) next.metadata.resourceVersion = wanted.metadata.resourceVersion;
  if (wanted.metadata?.uid) next.metadata.uid = wanted.metadata.uid;
  return next;
}

/** The view behind a subresource's name; `undefined` when the kind has none such. */
export function viewOf(definition: ResourceDefinition, subresource: string): ObjectView | undefined {
  const { resource, scale, hasStatus } = definition;
  if (subresource === 'status') return hasStatus ? status : undefined;
  if (subresource === 'scale') return scale === undefined ? undefined : scaleView(scale, definition.isCustom === true);
  if (subresource === 'approval') return definition.strategy.approval === undefined ? undefined : approval;
  if (resource.group !== '') return undefined;
  if (subresource === 'finalize' && resource.resource === 'namespaces') return finalize;
  if (resource.resource !== 'pods') return undefined;
  if (subresource === 'ephemeralcontainers') return ephemeralContainers;
  if (subresource === 'resize') return resize;
  return undefined;
}
