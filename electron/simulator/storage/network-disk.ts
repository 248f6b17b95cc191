import { isForOneNode } from './access-modes';
import type { Provisioner } from './provisioner';

/** A provider's disks, of which each is in one zone and attached to one machine at a time. */
export interface DiskDriver {
  /** The CSI driver, which the classes name as their provisioner. */
  readonly name: string;
  /** The label of nodes that says in which zone they are. */
  readonly zoneLabel: string;
  /** What the driver's pod is called in events. */
  readonly component: string;
  /** What a volume is called outside of Kubernetes. @param id seventeen hexadecimal digits. */
  handle(zone: string, id: string, volume: string): string;
  /** What it says of access modes that a disk has not. */
  readonly refusal: string;
}

/** Makes a driver's disks: in the zone of the claim's first pod, or in any. */
export function networkDisks({ name, zoneLabel, component, handle, refusal }: DiskDriver): Provisioner {
  return {
    name,
    component,
    duration: [1_500, 4_000],
    attaches: true,
    resizes: true,
    partsFor({ claim, storageClass, node, nodes, random }) {
      if (!isForOneNode(claim.spec?.accessModes)) throw new Error(refusal);
      const zones = [
        ...new Set((node === undefined ? nodes : [node]).map(({ metadata }) => metadata.labels?.[zoneLabel])),
      ];
      const zone = random.pick(zones.sort());
      if (zone === undefined)
        throw new Error('error generating accessibility requirements: no available topology found');
      const volume = `pvc-${claim.metadata.uid}`;
      const id = Array.from({ length: 17 }, () => random.integer(0, 15).toString(16)).join('');
      return {
        spec: {
          csi: {
            driver: name,
            fsType: storageClass.parameters?.['csi.storage.k8s.io/fstype'] ?? 'ext4',
            volumeHandle: handle(zone, id, volume),
          },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: zoneLabel, operator: 'In', values: [zone] }] }],
            },
          },
        },
      };
    },
  };
}
