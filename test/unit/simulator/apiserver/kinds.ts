import { isDeepStrictEqual } from 'node:util';
import type { ResourceDefinition, StrategyContext } from '../../../../electron/simulator/apiserver/registry/definition';
import { builtInDefinitions } from '../../../../electron/simulator/apiserver/strategies';
import { VirtualClock } from '../../../../electron/simulator/clock';
import { PortRange } from '../../../../electron/simulator/network/port-range';
import { ServiceRange } from '../../../../electron/simulator/network/service-range';
import { Random } from '../../../../electron/simulator/random';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';

/** An object as a test writes it: whatever a client might send. */
export type Sketch = Record<string, unknown>;

/** The definition of a kind. */
export function definitionOf(kind: string): ResourceDefinition {
  const definition = builtInDefinitions.find(({ resource }) => resource.kind === kind);
  if (definition === undefined) throw new Error(`no definition of ${kind}`);
  return definition;
}

/** A strategy's context over a few objects, with a clock that stands still and a fixed seed. */
export function contextWith(...objects: KubeObject[]): StrategyContext {
  const all = <T extends KubeObject>(resource: Resource<T>) =>
    // A test puts only objects of the right kind in.
    objects.filter((object) => object.kind === resource.kind) as T[];
  return {
    clock: new VirtualClock(),
    random: new Random(1),
    serviceRanges: [ServiceRange.default],
    nodePorts: PortRange.nodePorts,
    allStored: all,
    discard: () => undefined,
    place: () => undefined,
    stored: (resource, namespace, name) =>
      all(resource).find(({ metadata }) => metadata.name === name && (!namespace || metadata.namespace === namespace)),
  };
}

/** An object of a kind with a name, its defaults filled in. */
export function defaulted(kind: string, fields: Sketch = {}): KubeObject {
  const { resource, strategy } = definitionOf(kind);
  const { metadata, ...rest } = structuredClone(fields);
  const object: KubeObject = {
    apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
    kind,
    metadata: {
      name: 'x',
      uid: 'u-1',
      ...(resource.namespaced ? { namespace: 'default' } : {}),
      ...(metadata as object),
    },
    ...rest,
  };
  strategy.applyDefaults?.(object);
  const once = structuredClone(object);
  strategy.applyDefaults?.(object);
  if (!isDeepStrictEqual(once, object)) throw new Error(`the defaults of ${kind} change when applied again`);
  return object;
}

/** An object as it is about to be stored. */
export function prepared(kind: string, fields: Sketch = {}, context = contextWith()): KubeObject {
  const object = defaulted(kind, fields);
  const { strategy } = definitionOf(kind);
  strategy.begin?.(object, undefined, context, false);
  strategy.prepareForCreate?.(object, context);
  return object;
}

/** What is wrong with a new object, as `field: message`. */
export function problemsOf(kind: string, fields: Sketch, context = contextWith()): string[] {
  const { validate, validateCreate } = definitionOf(kind).strategy;
  return refusals(() => {
    const object = prepared(kind, fields, context);
    return [...(validate?.(object, context) ?? []), ...(validateCreate?.(object, context) ?? [])];
  });
}

/** What is wrong with changing one object into another. */
export function updateProblemsOf(kind: string, before: Sketch, after: Sketch, context = contextWith()): string[] {
  const old = prepared(kind, before, context);
  const object = defaulted(kind, after);
  const { strategy } = definitionOf(kind);
  return refusals(() => {
    strategy.begin?.(object, old, context, false);
    strategy.prepareForUpdate?.(object, old, context);
    return strategy.validateUpdate?.(object, old, context, () => undefined) ?? [];
  });
}

/** The errors that are given, or, from what begins with allocating, thrown. */
function refusals(run: () => readonly { field?: string; message?: string }[]): string[] {
  const texts = (errors: ReturnType<typeof run>) => errors.map(({ field, message }) => `${field}: ${message}`);
  try {
    return texts(run());
  } catch (error) {
    if (error instanceof StatusError) return texts(error.status.details?.causes ?? []);
    throw error;
  }
}
