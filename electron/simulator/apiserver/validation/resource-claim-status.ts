import { dns1123LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import type { ResourceClaim } from '../../../../shared/kubernetes/objects';
import { deepEqual } from '../json';
import { validateConditions } from './conditions';
import { validateList, validateSet } from './device-lists';
import { MOST_CONFIGURATIONS, MOST_REQUESTS, validatePoolName, validateRaw } from './device-parts';
import { type FieldError, forbidden, invalid, required, tooMany } from './field-error';
import { internalText } from './internal-text';
import { validateNodeSelector } from './pod-spec/affinity';
import { validateDriverName } from './pod-spec/volume-sources';
import { requestNames, validateReference } from './resource-claim';
import { invalidFor } from './values';

type Status = NonNullable<ResourceClaim['status']>;
type Allocation = NonNullable<Status['allocation']>;
type Device = NonNullable<Status['devices']>[number];
type Consumer = NonNullable<Status['reservedFor']>[number];

const MOST_CONSUMERS = 256;
const MOST_CONDITIONS = 8;
const LONGEST_DATA = 10 * 1024;

/** pkg/apis/resource/validation, `ValidateResourceClaimStatusUpdate`. */
export function validateResourceClaimStatus(claim: ResourceClaim, old: ResourceClaim): FieldError[] {
  const { reservedFor = [], devices = [], allocation } = claim.status ?? {};
  const allocated = new Set((allocation?.devices?.results ?? []).map(deviceKey));
  const errors = [
    ...validateSet(reservedFor, MOST_CONSUMERS, 'status.reservedFor', ({ uid }) => uid ?? '', validateConsumer),
    ...validateSet(devices, Number.POSITIVE_INFINITY, 'status.devices', deviceKey, (device, path) =>
      validateDevice(device, allocated, path),
    ),
  ];
  if (reservedFor.length > 0 && allocation === undefined) {
    errors.push(forbidden('status.reservedFor', 'may not be specified when `allocated` is not set'));
  } else if (claim.metadata.deletionTimestamp !== undefined) {
    const before = old.status?.reservedFor ?? [];
    if (reservedFor.some((consumer) => !before.some((each) => deepEqual(each, consumer)))) {
      const why = 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set';
      errors.push(forbidden('status.reservedFor', why));
    }
  }
  if (allocation === undefined) return errors;
  const before = old.status?.allocation;
  if (before === undefined) return [...errors, ...validateAllocation(allocation, claim)];
  if (deepEqual(allocation, before)) return errors;
  return [...errors, invalid('status.allocation', internalText('AllocationResult', allocation), 'field is immutable')];
}

const deviceKey = ({ driver, pool, device }: { driver: string; pool: string; device: string }) =>
  `${driver}/${pool}/${device}`;

function validateConsumer({ resource, name, uid }: Consumer, path: string): FieldError[] {
  const members = Object.entries({ resource, name, uid });
  return members.flatMap(([member, value]) => (value ? [] : [required(`${path}.${member}`)]));
}

function validateDevice(device: Device, allocated: ReadonlySet<string>, path: string): FieldError[] {
  const { driver, pool, device: name, conditions = [], data } = device;
  const at = `${path}.conditions`;
  return [
    ...validateDriverName(driver, `${path}.driver`),
    ...validatePoolName(pool, `${path}.pool`),
    ...invalidFor(`${path}.device`, name ?? '', dns1123LabelProblems),
    ...(allocated.has(deviceKey(device))
      ? []
      : [invalid(path, deviceKey(device), 'must be an allocated device in the claim')]),
    ...(conditions.length > MOST_CONDITIONS ? [tooMany(at, conditions.length, MOST_CONDITIONS)] : []),
    ...validateConditions(conditions, at),
    ...(data === undefined ? [] : validateRaw(data, `${path}.data`, LONGEST_DATA)),
  ];
}

function validateAllocation({ devices = {}, nodeSelector }: Allocation, { spec }: ResourceClaim): FieldError[] {
  const names = requestNames(spec.devices?.requests ?? []);
  const at = 'status.allocation';
  return [
    ...validateList(devices.results ?? [], MOST_REQUESTS, `${at}.devices.results`, (result, path) => [
      ...validateReference(result.request ?? '', names, `${path}.request`),
      ...validateDriverName(result.driver, `${path}.driver`),
      ...validatePoolName(result.pool, `${path}.pool`),
      ...invalidFor(`${path}.device`, result.device ?? '', dns1123LabelProblems),
    ]),
    ...((devices.config?.length ?? 0) > 2 * MOST_CONFIGURATIONS
      ? [tooMany(`${at}.devices.config`, devices.config?.length ?? 0, 2 * MOST_CONFIGURATIONS)]
      : []),
    ...(nodeSelector === undefined ? [] : validateNodeSelector(nodeSelector, `${at}.nodeSelector`)),
  ];
}
