import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import type { Clock } from '../../clock';
import { PortRange } from '../../network/port-range';
import { ServiceRange } from '../../network/service-range';
import type { Random } from '../../random';
import type { AdmissionChain, AdmissionTrace } from '../admission/chain';
import { objectType, type StructType } from '../managed-fields/field-type';
import type { ManagedFields } from '../managed-fields/managed-fields';
import type { SchemaNode } from '../patch/schema-node';
import type { RequestAttributes } from '../request';
import type { Store } from '../storage/store';
import type { Stored } from '../storage/stored';
import type { Table } from '../storage/table';
import { Conversion } from './conversion';
import type { ResourceDefinition, StorageConversion, StrategyContext } from './definition';

/** What all registries of one server share. */
export interface RegistryEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly admission: AdmissionChain;
  /** Stores a new object of any resource, see `place.ts`. */
  place<T extends KubeObject>(resource: Resource<T>, object: T): void;
  /** Absent: the default one. */
  readonly serviceRanges?: readonly ServiceRange[] | undefined;
  readonly nodePorts?: PortRange | undefined;
}

/** One served resource with all that its verbs need (upstream's `registry.Store`). Each verb is a function in a file of its own. */
export interface Registry extends RegistryEnvironment {
  readonly definition: ResourceDefinition;
  readonly resource: Resource;
  /** Of the version that is stored. To read and write objects of this version, use the functions below. */
  readonly table: Table;
  /** For a version that a webhook converts: what is read must be asked for before. */
  readonly conversion: Conversion | undefined;
  /** What is stored, in this version. The same for the same. */
  present(stored: Stored): Stored;
  find(key: string): Stored | undefined;
  put(key: string, object: KubeObject, managed: ManagedFields): Stored;
  /** @returns the last state under the deletion's revision; `undefined` when there was nothing. */
  take(key: string): Stored | undefined;
  /** Aborted when the resource is no longer served. */
  readonly retired: AbortSignal;
  readonly strategyContext: StrategyContext;
  /** How the fields of its objects are managed. */
  readonly objectType: StructType;
}

/** What a write carries besides its object. */
export interface WriteRequest {
  readonly attributes: RequestAttributes;
  readonly dryRun: boolean;
  /** What else the client said of how to write: `meta/v1.CreateOptions` and its like, but for their kind. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Who is written into `metadata.managedFields`; `undefined`: nobody comes to manage what this write changes. */
  readonly manager: string | undefined;
  /** Adds a `Warning` header to the answer. */
  warn(message: string): void;
  /** Notes something in the request's audit event, where there is one. */
  annotate?(key: string, value: string): void;
  /** What the audit trail is told of the stages that the write passes. */
  readonly trace?: AdmissionTrace | undefined;
}

/**
 * @param schema of the resource's kind; `undefined` when there is none.
 * @param retired aborted when the resource is no longer served.
 */
export function makeRegistry(
  environment: RegistryEnvironment,
  definition: ResourceDefinition,
  schema: () => SchemaNode | undefined,
  retired: AbortSignal,
): Registry {
  const { store, clock, random } = environment;
  const { resource, storage } = definition;
  const { group, resource: plural } = storage?.resource ?? resource;
  const table = store.table(group, plural);
  const asked = storage?.asked;
  const gvk = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const conversion = asked && new Conversion(table, asked, gvk);
  const present = conversion?.present.bind(conversion) ?? (storage === undefined ? same : presenter(storage));
  const toStorage = (object: KubeObject) => (storage === undefined ? object : storage.toStorage(object));
  return {
    ...environment,
    definition,
    resource,
    table,
    conversion,
    present,
    find(key) {
      const stored = table.get(key);
      return stored && present(stored);
    },
    put: (key, object, managed) => present(table.put(key, toStorage(object), managed)),
    take(key) {
      const previous = table.get(key);
      const stored = table.remove(key);
      if (previous !== undefined && stored !== undefined) conversion?.depart(previous, stored);
      return stored && present(stored);
    },
    retired,
    // Schemas are read when first needed, so that starting does not wait for them.
    get objectType() {
      return objectType(schema());
    },
    strategyContext: {
      clock,
      random,
      serviceRanges: environment.serviceRanges ?? [ServiceRange.default],
      nodePorts: environment.nodePorts ?? PortRange.nodePorts,
      ...reader(store),
      discard(of, namespace, name) {
        store.table(of.group, of.resource).remove(objectKey(of, namespace, name));
      },
      place: environment.place,
    },
  };
}

const same = (stored: Stored) => stored;

/** Converts each stored object once, whoever reads it. */
function presenter({ fromStorage }: StorageConversion<KubeObject>): (stored: Stored) => Stored {
  const presented = new WeakMap<Stored, Stored>();
  return (stored) => {
    let other = presented.get(stored);
    if (other === undefined) {
      other = stored.as(fromStorage);
      presented.set(stored, other);
    }
    return other;
  };
}

/** An object's key in its table. */
export function objectKey(resource: Pick<Resource, 'namespaced'>, namespace: string | undefined, name: string): string {
  return resource.namespaced ? `${namespace ?? ''}/${name}` : name;
}

/** Reads any resource as it is stored. */
export function reader(store: Store): Pick<StrategyContext, 'stored' | 'allStored'> {
  // A table holds what its resource's handle says: only that resource's registry writes to it.
  return {
    stored: <T>(of: Resource, namespace: string | undefined, name: string) =>
      store.table(of.group, of.resource).get(objectKey(of, namespace, name))?.object as T | undefined,
    allStored: <T>(of: Resource) => objects(store.table(of.group, of.resource).list()) as Iterable<T>,
  };
}

function* objects(entries: Iterable<Stored>) {
  for (const entry of entries) yield entry.object;
}
