import type { KubeObject } from '../kubernetes/objects';
import { groupResourceOf, type Resource } from '../kubernetes/resources';

/**
 * How an object is doing, in one word. The renderer has one colour and one shape for each.
 * - `ok`: as it should be. `progress`: on its way. `warning`: works, but look at it. `error`: does not work.
 * - `done`: finished for good, with success. `neutral`: has no health (a ConfigMap, a Role).
 */
export type HealthState = 'ok' | 'progress' | 'warning' | 'error' | 'done' | 'neutral';

export interface Health {
  readonly state: HealthState;
  /** What a status column says: `Running`, `CrashLoopBackOff`, `2/3 ready`. */
  readonly label: string;
  /** A sentence for people, where there is more to say. */
  readonly message?: string;
}

/** The value of a cell: small, plain, comparable. Times are milliseconds since the epoch. */
export type Cell = string | number | boolean | null;

/**
 * How a cell is sorted and drawn. `time`: an age that ticks. `ratio`: text as `2/3`, with a colour when not whole. `cpu`:
 * cores. `bytes`: bytes. `list`: text joined with commas. `status`: the text of the row's health, with its mark.
 */
export type CellType = 'text' | 'number' | 'time' | 'ratio' | 'cpu' | 'bytes' | 'list' | 'status' | 'boolean';

export interface Column<T extends KubeObject> {
  readonly id: string;
  readonly title: string;
  readonly type?: CellType;
  /** Pixels; the renderer's default fits the type. */
  readonly width?: number;
  /** Hidden until chosen, as kubectl's `-o wide`. */
  readonly wide?: boolean;
  /** The kind id that the cell's text names an object of, to jump to. */
  readonly linksTo?: string;
  /** Pure: from the object alone, never from the time of day. */
  value(object: T): Cell;
}

/** Another object that this one names. */
export interface Relation {
  /** What it is to this object, as a heading: `Owner`, `Node`, `Service account`, `Volume claim`. */
  readonly role: string;
  /** A kind id, such as `pods` or `deployments.apps`. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Objects that this one chooses by labels or fields: a Service's pods, a Deployment's ReplicaSets, a Node's pods. */
export interface Selection {
  readonly role: string;
  readonly kind: string;
  readonly namespace?: string;
  /** In the query's grammar. Never empty: what selects nothing is left out. */
  readonly labelSelector?: string;
  /** Likewise; the cluster itself applies it. At least one of the two is there. */
  readonly fieldSelector?: string;
}

export type NavigationGroup = 'cluster' | 'workloads' | 'config' | 'network' | 'storage' | 'access';

/** Everything the app knows about a kind. One file each; see `index.ts` for the list. */
export interface KindDefinition<T extends KubeObject = KubeObject> {
  /** `pods`, `deployments.apps`: upstream's group resource. */
  readonly id: string;
  readonly resource: Resource<T>;
  /** For headings: `Pods`, `Config Maps`. */
  readonly title: string;
  /** One sentence for a learner: what it is for. Shown where there is none yet. */
  readonly about: string;
  readonly shortNames: readonly string[];
  readonly group: NavigationGroup;
  /** Columns that every table has and that say little here: shown when chosen. */
  readonly hides?: readonly ('name' | 'age')[];
  /** The columns besides name, namespace and age, which every table has. */
  readonly columns: readonly Column<T>[];
  health(object: T): Health;
  /** Objects this one names (owners come by themselves). */
  relations?(object: T): readonly Relation[];
  /** Objects this one selects. */
  selections?(object: T): readonly Selection[];
}

/** Checks a definition's types and fills in its id. */
export function defineKind<T extends KubeObject>(definition: Omit<KindDefinition<T>, 'id'>): KindDefinition<T> {
  return { ...definition, id: groupResourceOf(definition.resource) };
}

/** One object as a line of a table. */
export interface Row {
  /** The object's uid. */
  readonly id: string;
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly health: HealthState;
  /** Label pairs as `key=value`, for label filters. */
  readonly labels: readonly string[];
  /** Set while the object is being deleted: since when, in milliseconds since the epoch. */
  readonly deleting?: number;
  /** In the order of the kind's columns. */
  readonly cells: readonly Cell[];
}
