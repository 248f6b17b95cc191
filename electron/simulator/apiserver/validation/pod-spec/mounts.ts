import type { Container, Volume } from '../../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, notFound, notSupported, required } from '../field-error';
import { oneOf } from '../values';
import { descendingPath, withoutBacksteps } from './paths';

type Volumes = ReadonlyMap<string, Volume>;
type Mount = NonNullable<Container['volumeMounts']>[number];

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];
const RECURSIVE_READ_ONLY = ['Disabled', 'Enabled', 'IfPossible'];

/** Where a container's volumes appear as folders (`ValidateVolumeMounts`). */
export function validateVolumeMounts(container: Container, volumes: Volumes, path: string): FieldError[] {
  const devices = container.volumeDevices ?? [];
  const taken = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const at = `${path}[${index}]`;
    const { name = '', mountPath = '' } = mount;
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(`${at}.name`));
    if (!volumes.has(name)) errors.push(notFound(`${at}.name`, name));
    if (mountPath === '') errors.push(required(`${at}.mountPath`));
    if (taken.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'));
    taken.add(mountPath);
    if (devices.some((device) => device.name === name)) {
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'));
    }
    if (devices.some((device) => device.devicePath === mountPath)) {
      errors.push(invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    }
    // The rest blames the list and not its item, as upstream does.
    if (mount.subPath) errors.push(...descendingPath(mount.subPath, `${path}.subPath`));
    if (mount.subPathExpr) {
      if (mount.subPath) {
        const text = 'subPathExpr and subPath are mutually exclusive';
        errors.push(invalid(`${at}.subPathExpr`, mount.subPathExpr, text));
      }
      errors.push(...descendingPath(mount.subPathExpr, `${path}.subPathExpr`));
    }
    errors.push(...validatePropagation(mount, container, `${path}.mountPropagation`));
    errors.push(...validateRecursiveReadOnly(mount, `${path}.recursiveReadOnly`));
    return errors;
  });
}

function validatePropagation({ mountPropagation }: Mount, container: Container, path: string): FieldError[] {
  const errors = oneOf(mountPropagation, PROPAGATIONS, path);
  if (mountPropagation === 'Bidirectional' && container.securityContext?.privileged !== true) {
    errors.push(forbidden(path, 'Bidirectional mount propagation is available only to privileged containers'));
  }
  return errors;
}

function validateRecursiveReadOnly(mount: Mount, path: string): FieldError[] {
  const { recursiveReadOnly, readOnly, mountPropagation } = mount;
  if (recursiveReadOnly === undefined || recursiveReadOnly === 'Disabled') return [];
  if (!RECURSIVE_READ_ONLY.includes(recursiveReadOnly)) {
    return [notSupported(path, recursiveReadOnly, RECURSIVE_READ_ONLY)];
  }
  const errors: FieldError[] = [];
  if (readOnly !== true) errors.push(forbidden(path, 'may only be specified when readOnly is true'));
  if (mountPropagation !== undefined && mountPropagation !== 'None') {
    errors.push(forbidden(path, 'may only be specified when mountPropagation is None or not specified'));
  }
  return errors;
}

/** Where a container's volumes appear as block devices (`ValidateVolumeDevices`). */
export function validateVolumeDevices(container: Container, volumes: Volumes, path: string): FieldError[] {
  const mounts = container.volumeMounts ?? [];
  const names = new Set<string>();
  const paths = new Set<string>();
  return (container.volumeDevices ?? []).flatMap(({ name = '', devicePath = '' }, index) => {
    const at = `${path}[${index}]`;
    const errors: FieldError[] = [];
    const volume = volumes.get(name);
    if (name === '') errors.push(required(`${at}.name`));
    if (names.has(name)) errors.push(invalid(`${at}.name`, name, 'must be unique'));
    if (volume === undefined) errors.push(notFound(`${at}.name`, name));
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) {
      const text = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      errors.push(invalid(`${at}.name`, name, text));
    }
    if (devicePath === '') errors.push(required(`${at}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'));
    if (withoutBacksteps(devicePath, '').length > 0) {
      errors.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    } else paths.add(devicePath);
    if (mounts.some((mount) => mount.name === name)) {
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'));
    }
    if (mounts.some((mount) => mount.mountPath === devicePath)) {
      errors.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'));
    }
    if (name !== '') names.add(name);
    return errors;
  });
}
