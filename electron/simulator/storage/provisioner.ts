import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../shared/kubernetes/objects';
import type { ComponentDefinition } from '../component';
import type { Random } from '../random';

/** What a provisioner makes a volume from. */
export interface VolumeRequest {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
  /** Where the claim's first pod is to run; absent: the class binds at once. */
  readonly node?: Node;
  /** All nodes, for who has to choose. */
  readonly nodes: readonly Node[];
  readonly random: Random;
}

/** What is particular to a provisioner's volumes. */
export interface VolumeParts {
  /** Besides who provisioned it. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What holds the data, and where it can be reached from. */
  readonly spec: Partial<NonNullable<PersistentVolume['spec']>>;
}

/** Who makes volumes for the StorageClasses that name it, outside of Kubernetes itself. */
export interface Provisioner {
  /** As StorageClasses name it: `rancher.io/local-path`. */
  readonly name: string;
  /** What gives its events: the name with that of its replica. */
  readonly component: string;
  /** Milliseconds that a volume takes, from the least to the most. */
  readonly duration: readonly [least: number, most: number];
  /** Whether its volumes are attached to machines. */
  readonly attaches?: boolean;
  /** Whether its volumes can be made larger. */
  readonly resizes?: boolean;
  /** @throws Error in the provisioner's words when it makes no such volume. */
  partsFor(request: VolumeRequest): VolumeParts;
}

/** Whom what belongs to a provisioner acts as. What it may do is its manifest's business, which a preset can leave out. */
export function identityOf({ name }: Provisioner): Pick<ComponentDefinition, 'user' | 'groups'> {
  return { user: `system:provisioner:${name}`, groups: ['system:masters', 'system:authenticated'] };
}
