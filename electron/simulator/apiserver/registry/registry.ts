import type { Resource } from '../../../../shared/kubernetes/resources';
import type { Clock } from '../../clock';
import type { Random } from '../../random';
import type { AdmissionChain } from '../admission/chain';
import { objectType, type StructType } from '../managed-fields/field-type';
import type { SchemaNode } from '../patch/schema-node';
import type { RequestAttributes } from '../request';
import type { Store } from '../storage/store';
import type { Stored } from '../storage/stored';
import type { Table } from '../storage/table';
import type { ResourceDefinition, StrategyContext } from './definition';

/** What all registries of one server share. */
export interface RegistryEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly admission: AdmissionChain;
}

/** One served resource with all that its verbs need (upstream's `registry.Store`). Each verb is a function in a file of its own. */
export interface Registry extends RegistryEnvironment {
  readonly definition: ResourceDefinition;
  readonly resource: Resource;
  readonly table: Table;
  readonly strategyContext: StrategyContext;
  /** How the fields of its objects are managed. */
  readonly objectType: StructType;
}

/** What a write carries besides its object. */
export interface WriteRequest {
  readonly attributes: RequestAttributes;
  readonly dryRun: boolean;
  /** Who is written into `metadata.managedFields`; `undefined`: nobody comes to manage what this write changes. */
  readonly manager: string | undefined;
  /** Adds a `Warning` header to the answer. */
  warn(message: string): void;
  /** Notes something in the request's audit event, where there is one. */
  annotate?(key: string, value: string): void;
}

/** @param schema of the resource's kind; `undefined` when there is none. */
export function makeRegistry(
  environment: RegistryEnvironment,
  definition: ResourceDefinition,
  schema: () => SchemaNode | undefined,
): Registry {
  const { store, clock, random } = environment;
  const { resource } = definition;
  return {
    ...environment,
    definition,
    resource,
    table: store.table(resource.group, resource.resource),
    // Schemas are read when first needed, so that starting does not wait for them.
    get objectType() {
      return objectType(schema());
    },
    strategyContext: {
      clock,
      random,
      // A table holds what its resource's handle says: only that resource's registry writes to it.
      stored: <T>(of: Resource, namespace: string | undefined, name: string) =>
        store.table(of.group, of.resource).get(objectKey(of, namespace, name))?.object as T | undefined,
      allStored: <T>(of: Resource) => objects(store.table(of.group, of.resource).list()) as Iterable<T>,
    },
  };
}

/** An object's key in its table. */
export function objectKey(resource: Pick<Resource, 'namespaced'>, namespace: string | undefined, name: string): string {
  return resource.namespaced ? `${namespace ?? ''}/${name}` : name;
}

function* objects(entries: Iterable<Stored>) {
  for (const entry of entries) yield entry.object;
}
