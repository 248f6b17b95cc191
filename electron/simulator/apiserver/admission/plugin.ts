import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { ApiClient } from '../../client';
import type { Clock } from '../../clock';
import type { RequestAttributes } from '../request';
import type { AdmissionTrace } from './chain';

/** A write on its way to storage, after decoding and defaulting, before validation. */
export interface AdmissionRequest {
  readonly attributes: RequestAttributes;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  /** The object to be stored; a mutating plugin changes it in place. Absent for DELETE. POSTed to a subresource, what was posted. */
  readonly object: KubeObject | undefined;
  /** What is stored now; absent for CREATE. */
  readonly oldObject: KubeObject | undefined;
  readonly dryRun: boolean;
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
  /** Changes the object. Runs for all plugins before any `validate`. */
  admit?(request: AdmissionRequest): void | Promise<void>;
  validate?(request: AdmissionRequest): void | Promise<void>;
}

/** What a plugin is made with: it reads the cluster as `system:apiserver`, as kube-apiserver's loopback client. */
export type AdmissionPluginFactory = (client: ApiClient, clock: Clock) => AdmissionPlugin;
