import type { KubeObject, Status } from '../../shared/kubernetes/objects';
import type { Resource } from '../../shared/kubernetes/resources';

/** Who makes a request (`authentication.k8s.io/v1` UserInfo). */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** In the query's grammar: `app=web,tier in (a,b)`. */
  readonly labelSelector?: string;
  /** In the query's grammar: `spec.nodeName=worker-1`. */
  readonly fieldSelector?: string;
}

export interface ObjectList<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

export interface WatchOptions extends ListOptions {
  /** Changes after this version; absent: the present state as ADDED events first. */
  readonly resourceVersion?: string;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'ERROR'; readonly object: Status };

export interface WriteOptions {
  /** Who is written into `managedFields`. */
  readonly fieldManager?: string;
  readonly subresource?: string;
  /** Of an apply: whether to take fields that others have. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

/**
 * The Kubernetes API as the simulator's own parts see it: in process, without sockets, through the same authorization,
 * admission and validation as a request over HTTPS.
 *
 * Objects that come out are shared and deeply frozen in spirit: never change one, copy what you change. Objects that go
 * in belong to the server from then on. Every method rejects with a `StatusError`.
 */
export interface ApiClient {
  readonly user: UserInfo;
  /** @param namespace ignored for cluster-scoped resources; give `undefined`. */
  get<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): Promise<T>;
  /** GET of a view of an object, such as `deployments/NAME/scale`. */
  getSubresource(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    subresource: string,
  ): Promise<KubeObject>;
  list<T extends KubeObject>(resource: Resource<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** Calls `handler` for each change, in order of resourceVersion, after the write that caused it has returned. */
  watch<T extends KubeObject>(
    resource: Resource<T>,
    options: WatchOptions,
    handler: (event: WatchEvent<T>) => void,
  ): { stop(): void };
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Replaces; a `metadata.resourceVersion` in the object is a precondition. */
  update<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    patch: unknown,
    options?: WriteOptions,
  ): Promise<T>;
  delete<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): Promise<void>;
  /**
   * POST to a subresource whose body is of another kind, such as `pods/NAME/binding` or `serviceaccounts/NAME/token`.
   * @returns the answer's body.
   */
  createSubresource(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    subresource: string,
    body: KubeObject,
  ): Promise<unknown>;
}
