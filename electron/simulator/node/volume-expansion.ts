import type { PersistentVolumeClaim, Pod } from '../../../shared/kubernetes/objects';
import { persistentVolumeClaims } from '../../../shared/kubernetes/resources';
import { isNotFound } from '../../../shared/kubernetes/status-error';
import type { ComponentContext } from '../component';

/** Whether a claim's volume has grown and the file system on it has not yet. */
export function awaitsNode({ status }: PersistentVolumeClaim): boolean {
  return status?.allocatedResourceStatuses?.storage === 'NodeResizePending';
}

/**
 * Makes the file system of a mounted volume as large as the volume, and says so
 * (pkg/volume/util/operationexecutor/node_expander.go).
 */
export async function expandOnNode(
  { client, events }: ComponentContext,
  nodeName: string,
  pod: Pod,
  claim: PersistentVolumeClaim,
): Promise<void> {
  const { namespace, name = '' } = claim.metadata;
  const { allocatedResources, allocatedResourceStatuses, conditions = [] } = claim.status ?? {};
  const { storage: _, ...others } = allocatedResourceStatuses ?? {};
  const status = {
    capacity: { ...claim.status?.capacity, storage: allocatedResources?.storage ?? '0' },
    allocatedResourceStatuses: Object.keys(others).length === 0 ? null : { ...others, storage: null },
    conditions: conditions.filter(({ type }) => type !== 'FileSystemResizePending' && type !== 'Resizing'),
  };
  try {
    await client.patch(persistentVolumeClaims, namespace, name, 'merge', { status }, { subresource: 'status' });
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  const message = `MountVolume.NodeExpandVolume succeeded for volume "${claim.spec?.volumeName}" ${nodeName}`;
  events.event(pod, 'Normal', 'FileSystemResizeSuccessful', message);
  events.event(claim, 'Normal', 'FileSystemResizeSuccessful', message);
}
