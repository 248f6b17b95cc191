import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { UserInfo } from '../../client';
import type { Clock } from '../../clock';
import type { PortRange } from '../../network/port-range';
import type { ServiceRange } from '../../network/service-range';
import type { Random } from '../../random';
import type { SchemaNode } from '../patch/schema-node';
import type { Store } from '../storage/store';
import type { FieldError } from '../validation/field-error';

/** What a strategy may use besides the object. */
export interface StrategyContext {
  readonly clock: Clock;
  readonly random: Random;
  /** Where Services get their addresses from as the server was told: one range, or one of each family. */
  readonly serviceRanges: readonly ServiceRange[];
  /** Where their ports of nodes are from. */
  readonly nodePorts: PortRange;
  /** Reads any stored object, for what upstream's registries look up (a Service's free addresses, a scale's parent). */
  stored<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): T | undefined;
  /** All stored objects of a resource. */
  allStored<T extends KubeObject>(resource: Resource<T>): Iterable<T>;
  /** Takes away an object of another kind, should there be one (a Service's endpoints). */
  discard(resource: Resource, namespace: string | undefined, name: string): void;
  /** Stores a new object of another kind as the API server itself makes it (a Service's IPAddress). */
  place<T extends KubeObject>(resource: Resource<T>, object: T): void;
}

/** Takes a text for a `Warning` header. */
export type Warn = (text: string) => void;

/** What clients may change in metadata. */
type KeptMetadata = 'labels' | 'annotations' | 'finalizers' | 'ownerReferences';

/** For kinds of which only the status changes with the status (`ResetObjectMetaForStatus`). */
export const ALL_METADATA: readonly KeptMetadata[] = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** What is special about writing an object's status by a certain path. Both see the object with the status that is wanted. */
export interface SubresourceStrategy<T extends KubeObject> {
  prepareForUpdate(object: T, old: T, context: StrategyContext): void;
  validateUpdate(object: T, old: T): FieldError[];
}

/**
 * A kind's peculiarities (upstream: pkg/registry/GROUP/KIND/strategy.go, with the defaults of pkg/apis/GROUP/VERSION).
 * Methods change the object given to them in place; the registry has made a copy. What all kinds share (metadata, names,
 * uid, generation on spec change, resourceVersion, finalizers) is the registry's.
 */
export interface Strategy<T extends KubeObject> {
  /** Fills in the API's defaults. Runs on everything that is decoded, so it must be idempotent. */
  applyDefaults?(object: T): void;
  /**
   * Allocates before all else is looked at, metadata included (`BeginCreate` and `BeginUpdate` of
   * registry/generic/registry/store.go). Nothing is kept of a dry run.
   * @throws StatusError when that cannot be.
   */
  begin?(object: T, old: T | undefined, context: StrategyContext, dryRun: boolean): void;
  /** Drops or sets what the server owns: clears status, sets the phase, allocates. */
  prepareForCreate?(object: T, context: StrategyContext, user?: UserInfo): void;
  /** For the main endpoint: restores what may not be changed there, such as status. Without it, `status` is restored. */
  prepareForUpdate?(object: T, old: T, context: StrategyContext): void;
  /** Checks a new object (and, before `validateUpdate`, a changed one). */
  validate?(object: T, context: StrategyContext): FieldError[];
  /** What holds for a new object only, after `validate`. */
  validateCreate?(object: T, context: StrategyContext): FieldError[];
  /** @param warn for what is wrong and yet let through; it is told even when the update is refused. */
  validateUpdate?(object: T, old: T, context: StrategyContext, warn: Warn): FieldError[];
  validateStatusUpdate?(object: T, old: T, warn: Warn): FieldError[];
  /** In place of `validateUpdate` for what comes by a subresource that writes a part of the object, by its name. */
  readonly validateSubresourceUpdate?: Readonly<Record<string, (object: T, old: T) => FieldError[]>>;
  /** Metadata that an update of the status cannot change; the default is nothing of it. */
  readonly statusKeeps?: readonly KeptMetadata[];
  /** For `/status`, where it takes more than that. */
  readonly status?: SubresourceStrategy<T>;
  /** For `/approval`, which also writes the status. */
  readonly approval?: SubresourceStrategy<T>;
  /** For `/finalize`, which writes all but the status. */
  readonly finalize?: SubresourceStrategy<T>;
  /**
   * What an endpoint does not write, so that nobody manages it: by subresource (the object's own endpoint is ''), as paths in
   * the form of `managedFields`. The default is right for kinds whose spec and status are written as usual.
   */
  readonly resetFields?: Readonly<Record<string, string[][]>>;
  /** Texts for `Warning` headers. */
  warnings?(object: T, old: T | undefined): string[];
  /** The same for a changed status. */
  statusWarnings?(object: T): string[];
  /** The name of an object that has only its beginning; the default adds a few letters. */
  generateName?(base: string): string;
  /** Whether the name is well-formed; the default is a DNS-1123 subdomain. Gives what is wrong with it. */
  validateName?(name: string, isPrefix: boolean): string[];
  /** Whether a change bumps `metadata.generation`; the default: `spec` differs. */
  bumpsGeneration?(object: T, old: T): boolean;
  /**
   * For kinds that end gracefully: the seconds to wait, from what the client asked for and what the object says; 0 deletes at
   * once. Without it, every delete is immediate.
   */
  gracePeriod?(object: T, requested: number | undefined): number;
  /** What becomes of dependents when a client does not say; the default is `Background`. */
  readonly defaultPropagation?: 'Orphan' | 'Background';
  /** Text for a `Warning` header when a client deletes an object and does not say. */
  readonly deletionWarning?: string;
  /** Why it may not be deleted at all, should that be so. Upstream: the kind's own `Delete`, before all admission. */
  whyKept?(object: T): string | undefined;
  /**
   * Called right before an object is stored, with nothing between: writes what must agree with it. Not for dry runs.
   * @throws StatusError when that cannot be.
   */
  beforeStore?(object: T, old: T | undefined, context: StrategyContext): void;
  /** Gives back what was allocated. */
  afterDelete?(object: T, context: StrategyContext): void;
  /** What else a first deletion changes when the object stays for now: a Namespace becomes Terminating. */
  prepareForDelete?(object: T): void;
  /** Whether something besides `metadata.finalizers` keeps a deleted object: a Namespace's `spec.finalizers`. */
  holdsDeletion?(object: T): boolean;
  /** Whether a PUT without resourceVersion is accepted; the default is yes. */
  readonly allowUnconditionalUpdate?: boolean;
  /** Whether a PUT to a name that is not there creates it; the default is no. */
  readonly allowCreateOnUpdate?: boolean;
}

/** A column of `kubectl get` (`meta/v1.TableColumnDefinition`). */
export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description: string;
  /** Above zero: shown with `-o wide` only. */
  readonly priority?: number;
}

/** `meta/v1.TableRowCondition`. */
export interface RowCondition {
  readonly type: 'Completed';
  readonly status: 'True';
  readonly reason: string;
  readonly message: string;
}

/** How the server prints a kind (upstream: pkg/printers/internalversion/printers.go). */
export interface TablePrinter<T extends KubeObject> {
  readonly columns: readonly TableColumn[];
  /** The cells of one object, in the order of the columns. `now` is cluster time in milliseconds. */
  cells(object: T, now: number): (string | number | boolean | null)[];
  /** What is the matter with a row as a whole: that the object has come to its end. */
  conditions?(object: T): RowCondition[] | undefined;
  /** The order of a list's rows; absent: by name, as they are stored. */
  order?(a: T, b: T): number;
}

/** How `scale` reads and writes a kind. */
export interface ScaleMapping<T extends KubeObject> {
  replicas(object: T): number;
  statusReplicas(object: T): number;
  /** The label selector in the query's grammar. */
  selector(object: T): string;
  setReplicas(object: T, replicas: number): void;
}

/**
 * How objects of one version are kept as those of another: a group's versions share their objects, and
 * `events.k8s.io` shares those of the core group. Upstream converts in the same place, between its registry and etcd.
 */
export interface StorageConversion<T extends KubeObject> {
  /** Whose table holds the objects. */
  readonly resource: Resource;
  /** An object of this version; what is stored must not be changed. */
  fromStorage(stored: KubeObject): T;
  /** The object to be stored; the one given is the conversion's to use up. */
  toStorage(object: T): KubeObject;
  /** Where a webhook converts: goes before the two above. */
  readonly asked?: AskedConversion;
}

/**
 * A conversion that takes time and may fail. Objects come and go with their `metadata.managedFields`; both reject with a
 * StatusError.
 */
export interface AskedConversion {
  /** An object of this version; what is stored must not be changed. */
  fromStorage(stored: KubeObject): Promise<KubeObject>;
  toStorage(object: KubeObject): Promise<KubeObject>;
}

/** What came of reading an object against its kind's schema. */
export interface Decoded {
  /** Without unknown fields and without nulls, which mean the same as nothing. Shares nothing that was changed. */
  readonly object: Record<string, unknown>;
  /** `unknown field "spec.foo"`, in the order of the object. */
  readonly problems: string[];
}

/** A kind's schema in OpenAPI. */
export interface PublishedSchema {
  /** `com.example.v1.CronTab`. */
  readonly name: string;
  /** What its lists say, too. */
  readonly extensions: object;
  readonly v2: object;
  readonly v3: object;
}

/** Everything the server knows about one built-in kind. One file each in `strategies/`, listed in `strategies/index.ts`. */
export interface ResourceDefinition<T extends KubeObject = KubeObject> {
  readonly resource: Resource<T>;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly strategy: Strategy<T>;
  readonly printer: TablePrinter<T>;
  /**
   * For a version that is not the one stored. Everything else in the definition is given objects of its own version
   * (`convertedStrategy` lends it the stored version's strategy).
   */
  readonly storage?: StorageConversion<T>;
  /** Whether `/status` is served. */
  readonly hasStatus: boolean;
  /** Whether a CustomResourceDefinition made it: what upstream keeps as JSON, and not as a type of Go. */
  readonly isCustom?: boolean;
  /** Reads what a client sent; absent: by the built-in kind's schema. @throws StatusError 400. */
  decode?(value: unknown): Decoded;
  /** What patches and managed fields know of its objects; absent: by the built-in kind's schema. */
  readonly fieldNode?: SchemaNode | undefined;
  /** How OpenAPI knows it; absent: as the built-in kind. */
  readonly openApi?: PublishedSchema;
  /** The kind of its lists; absent: the kind with `List` behind it. */
  readonly listKind?: string;
  readonly scale?: ScaleMapping<T>;
  /** Field selectors besides `metadata.name` and `metadata.namespace`: the field's value, as text. */
  readonly fieldLabels?: Readonly<Record<string, (object: T) => string>>;
  /** What is said of any other field, where the kind has words of its own. */
  refuseFieldLabel?(label: string): string;
  /** Said with every answer: since when the version is deprecated, and what to use instead. */
  readonly deprecation?: string;
  /** What may be asked of it; absent: everything. */
  readonly verbs?: readonly string[];
  /** Where its objects are, when not with all others. */
  readonly store?: Store;
  /** Works all objects out when they are asked for: such are stored nowhere, and can only be read. */
  compute?(): KubeObject[];
  /** Called before each request is served: brings up to date what is made when it is asked for. */
  beforeRead?(): void;
  /** Other subresources, for discovery: `{ name: 'log', kind: 'Pod', verbs: ['get'] }`. */
  readonly subresources?: readonly {
    name: string;
    kind: string;
    verbs: readonly string[];
    group?: string;
    version?: string;
  }[];
}

/**
 * Lets a list hold definitions of different kinds. The registry gives a definition's functions only objects of its own
 * resource, which is what makes forgetting the parameter sound.
 */
export function anyDefinition<T extends KubeObject>(definition: ResourceDefinition<T>): ResourceDefinition {
  return definition as unknown as ResourceDefinition;
}
