import type { ClaimSpec } from '../validation/resource-claim';

/** pkg/apis/resource/v1/defaults.go */
export function applyClaimDefaults({ devices }: ClaimSpec): void {
  for (const { exactly, firstAvailable = [] } of devices?.requests ?? []) {
    for (const request of [...(exactly === undefined ? [] : [exactly]), ...firstAvailable]) {
      request.allocationMode ||= 'ExactCount';
      if (request.allocationMode === 'ExactCount') request.count ||= 1;
    }
  }
}

/** What belongs to features that are off (pkg/api/resourceclaimspec, `DropDisabledFields`). */
export function dropDisabledClaimFields({ devices }: ClaimSpec): void {
  for (const { exactly, firstAvailable = [] } of devices?.requests ?? []) {
    for (const request of [...(exactly === undefined ? [] : [exactly]), ...firstAvailable]) {
      delete request.tolerations;
      delete request.capacity;
    }
  }
  for (const constraint of devices?.constraints ?? []) delete constraint.distinctAttribute;
}
