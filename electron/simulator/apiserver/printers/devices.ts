import type { ResourceClaim, ResourceSlice } from '../../../../shared/kubernetes/objects';
import { column, simplePrinter } from './columns';

export const nameAndAgePrinter = simplePrinter([], () => []);

export const resourceClaimPrinter = simplePrinter<ResourceClaim>(
  [column('State', 'What has become of the claim.')],
  ({ metadata, status }) => {
    const isDeleted = metadata.deletionTimestamp !== undefined;
    if (status?.allocation === undefined) return [isDeleted ? 'deleted' : 'pending'];
    const isReserved = (status.reservedFor ?? []).length > 0;
    return [[...(isDeleted ? ['deleted'] : []), 'allocated', ...(isReserved ? ['reserved'] : [])].join(',')];
  },
);

export const resourceSlicePrinter = simplePrinter<ResourceSlice>(
  [
    column('Node', 'The node that has the devices.'),
    column('Driver', 'The driver that knows the devices.'),
    column('Pool', 'The pool that the devices belong to.'),
  ],
  ({ spec }) => [spec?.nodeName ?? '', spec?.driver ?? '', spec?.pool?.name ?? ''],
);
