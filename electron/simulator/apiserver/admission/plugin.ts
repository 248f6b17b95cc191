import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { ApiClient } from '../../client';
import type { Clock } from '../../clock';
import type { ResourceDefinition } from '../registry/definition';
import type { RequestAttributes } from '../request';
import type { AdmissionTrace } from './chain';
import type { Reinvocation } from './reinvocation';

/** A write on its way to storage, after decoding and defaulting, before validation. */
export interface AdmissionRequest {
  readonly attributes: RequestAttributes;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  /** The object to be stored; a mutating plugin changes it in place. Absent for DELETE. POSTed to a subresource, what was posted. */
  readonly object: KubeObject | undefined;
  /** What is stored now; absent for CREATE. */
  readonly oldObject: KubeObject | undefined;
  /** Who manages the fields of the objects: `metadata.managedFields` as JSON. Absent: nobody does, or nobody knows. */
  readonly managed?: { readonly object?: string | undefined; readonly oldObject?: string | undefined } | undefined;
  readonly dryRun: boolean;
  /** What the client said of how to write, as `meta/v1.CreateOptions` and its like have it, but for their kind. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What mutating plugins know of each other's changes. */
  readonly reinvocation: Reinvocation;
  /** Told of what each plugin does, where somebody wants to know. */
  readonly trace?: AdmissionTrace | undefined;
  /** Adds a `Warning` header to the answer. */
  warn(message: string): void;
  /** Notes something in the request's audit event; the first value of a key stays. */
  annotate(key: string, value: string): void;
}

/** An admission plugin, one file each. Throwing a `StatusError` refuses the request. */
export interface AdmissionPlugin {
  readonly name: string;
  /**
   * The resources and subresources whose objects `admit` may change, as `pods` and `pods/binding`. Absent: any, and then it
   * answers later when it has anything to do.
   */
  readonly changes?: readonly string[];
  /** Changes the object. Runs for all plugins before any `validate`. */
  admit?(request: AdmissionRequest): void | Promise<void>;
  validate?(request: AdmissionRequest): void | Promise<void>;
}

/** What is served and stored, for plugins that look at all kinds. */
export interface ServedApi {
  /** Another list whenever something else is served. */
  readonly definitions: readonly ResourceDefinition[];
  stored<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): T | undefined;
  allStored<T extends KubeObject>(resource: Resource<T>): Iterable<T>;
}

/** What a plugin is made with: it reads the cluster as `system:apiserver`, as kube-apiserver's loopback client. */
export type AdmissionPluginFactory = (client: ApiClient, clock: Clock, api: ServedApi) => AdmissionPlugin;
