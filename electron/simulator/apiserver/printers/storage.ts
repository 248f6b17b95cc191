import type {
  CSIDriver,
  CSINode,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
} from '../../../../shared/kubernetes/objects';
import { canonicalQuantity } from '../../../../shared/kubernetes/quantities';
import type { TablePrinter } from '../registry/definition';
import { age, ageColumn, type Cell, column, nameColumn, nameOf, orNone, simplePrinter, wide } from './columns';

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessModes(modes: readonly string[] | undefined): string {
  const given = new Set(modes);
  return Object.keys(ACCESS_MODES)
    .filter((mode) => given.has(mode))
    .map((mode) => ACCESS_MODES[mode])
    .join(',');
}

function storage(quantities: Readonly<Record<string, string>> | undefined): string {
  const quantity = quantities?.storage;
  return quantity === undefined ? '' : canonicalQuantity(quantity);
}

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

const volumeModeColumn = wide('VolumeMode', 'Whether the volume is a file system or a block device.');

export const persistentVolumePrinter: TablePrinter<PersistentVolume> = {
  columns: [
    nameColumn,
    column('Capacity', 'The size of the volume.'),
    column('Access Modes', 'All the ways the volume can be mounted.'),
    column('Reclaim Policy', 'What happens to the volume when its claim is deleted.'),
    column('Status', 'Whether the volume is available to a claim, bound, or released.'),
    column('Claim', 'The claim that the volume is bound to.'),
    column('StorageClass', 'StorageClass of the pv'),
    column('VolumeAttributesClass', 'The class of the volume attributes.'),
    column('Reason', 'A brief text for a failed volume.'),
    ageColumn,
    volumeModeColumn,
  ],
  cells(volume, now) {
    const { claimRef, capacity, persistentVolumeReclaimPolicy, volumeAttributesClassName } = volume.spec ?? {};
    return [
      nameOf(volume),
      storage(capacity),
      accessModes(volume.spec?.accessModes),
      persistentVolumeReclaimPolicy ?? '',
      volume.metadata.deletionTimestamp === undefined ? (volume.status?.phase ?? '') : 'Terminating',
      claimRef === undefined ? '' : `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`,
      volume.metadata.annotations?.[BETA_CLASS] ?? volume.spec?.storageClassName ?? '',
      volumeAttributesClassName ?? '<unset>',
      volume.status?.reason ?? '',
      age(volume, now),
      volume.spec?.volumeMode ?? '<unset>',
    ];
  },
};

export const persistentVolumeClaimPrinter: TablePrinter<PersistentVolumeClaim> = {
  columns: [
    nameColumn,
    column('Status', 'The phase of the claim.'),
    column('Volume', 'The volume that the claim is bound to.'),
    column('Capacity', 'The size of that volume.'),
    column('Access Modes', 'The ways that volume can be mounted.'),
    column('StorageClass', 'StorageClass of the pvc'),
    column('VolumeAttributesClass', 'The class of the volume attributes.'),
    ageColumn,
    volumeModeColumn,
  ],
  cells(claim, now) {
    const { volumeName = '', storageClassName, volumeAttributesClassName, volumeMode } = claim.spec ?? {};
    return [
      nameOf(claim),
      claim.metadata.deletionTimestamp === undefined ? (claim.status?.phase ?? '') : 'Terminating',
      volumeName,
      volumeName === '' ? '' : storage(claim.status?.capacity) || '0',
      volumeName === '' ? '' : accessModes(claim.status?.accessModes),
      claim.metadata.annotations?.[BETA_CLASS] ?? storageClassName ?? '',
      volumeAttributesClassName ?? '<unset>',
      age(claim, now),
      volumeMode ?? '<unset>',
    ];
  },
};

const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

export const storageClassPrinter: TablePrinter<StorageClass> = {
  columns: [
    nameColumn,
    column('Provisioner', 'Who provisions volumes of this class.'),
    column('ReclaimPolicy', 'What happens to a volume when its claim is deleted.'),
    column('VolumeBindingMode', 'When volumes are provisioned and bound.'),
    column('AllowVolumeExpansion', 'Whether claims may grow.'),
    ageColumn,
  ],
  cells(storageClass, now): Cell[] {
    const isDefault = DEFAULT_CLASS.some((key) => storageClass.metadata.annotations?.[key] === 'true');
    return [
      isDefault ? `${nameOf(storageClass)} (default)` : nameOf(storageClass),
      storageClass.provisioner,
      storageClass.reclaimPolicy ?? 'Delete',
      storageClass.volumeBindingMode ?? 'Immediate',
      storageClass.allowVolumeExpansion ?? false,
      age(storageClass, now),
    ];
  },
};

export const csiDriverPrinter = simplePrinter<CSIDriver>(
  [
    column('AttachRequired', 'Whether the driver needs an attach operation.', 'boolean'),
    column('PodInfoOnMount', 'Whether the driver is told of the pod at mount.', 'boolean'),
    column('StorageCapacity', 'Whether the driver reports its capacity.', 'boolean'),
    column('TokenRequests', 'The audiences of the tokens that the driver is given.'),
    column('RequiresRepublish', 'Whether the driver wants to be called again and again.', 'boolean'),
    column('Modes', 'The kinds of volumes that the driver supports.'),
  ],
  ({ spec }) => [
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    (spec.tokenRequests ?? []).map((request) => request.audience).join(',') || '<unset>',
    spec.requiresRepublish ?? false,
    orNone((spec.volumeLifecycleModes ?? []).join(',')),
  ],
);

export const csiNodePrinter = simplePrinter<CSINode>(
  [column('Drivers', 'The number of CSI drivers on the node.', 'integer')],
  ({ spec }) => [spec?.drivers?.length ?? 0],
);

export const volumeAttachmentPrinter = simplePrinter<VolumeAttachment>(
  [
    { ...column('Attacher', 'The name of the volume driver.'), format: 'name' },
    column('PV', 'The volume that is attached.'),
    column('Node', 'The node that it is attached to.'),
    column('Attached', 'Whether it is attached.', 'boolean'),
  ],
  ({ spec, status }) => [
    spec.attacher,
    spec.source.persistentVolumeName ?? '',
    spec.nodeName,
    status?.attached ?? false,
  ],
);

export const volumeAttributesClassPrinter = simplePrinter<VolumeAttributesClass>(
  [column('DriverName', 'The driver that knows the attributes.')],
  ({ driverName }) => [driverName],
);
