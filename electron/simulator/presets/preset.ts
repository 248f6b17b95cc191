import type { KubeObject } from '../../../shared/kubernetes/objects';
import type { Resource } from '../../../shared/kubernetes/resources';
import type { Cloud } from '../cloud/cloud';
import type { ServiceRange } from '../network/service-range';
import type { NodeProfile } from '../node';
import type { Provisioner } from '../storage/provisioner';

/** Objects of one resource, in the order of creation. */
export interface PresetObjects {
  readonly resource: Resource;
  readonly objects: readonly KubeObject[];
}

/** What a preset may know of the cluster it is made for. */
export interface PresetContext {
  /** PEM: what the cluster's certificates are checked against. */
  readonly certificateAuthority: string;
  /** `v1.35.2`. */
  readonly version: string;
  readonly serviceRange: ServiceRange;
}

/** A cluster to start with. */
export interface Preset {
  readonly name: string;
  /** One line, for a person who has to choose. */
  readonly description: string;
  readonly nodes: readonly NodeProfile[];
  /** Where the API server's pod is; absent: on the first node. */
  readonly controlPlaneAddress?: string;
  /** What its provider brings along; absent: nothing. */
  readonly cloud?: Cloud;
  /** Who makes volumes for the StorageClasses; absent: nobody. */
  readonly provisioners?: readonly Provisioner[];
  /** What is created where it is missing, before the components start. */
  objects(context: PresetContext): readonly PresetObjects[];
}

/** Ties a resource to objects of its kind, then forgets the kind so that lists can hold many. */
export function ofResource<T extends KubeObject>(resource: Resource<T>, objects: readonly T[]): PresetObjects {
  return { resource: resource as unknown as Resource, objects };
}
