import { dns1123LabelProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Volume } from '../strategies/pod-defaults';
import { duplicate, type FieldError, forbidden, invalid, required } from './field-error';
import { validateClaimSpec } from './storage';
import { inRange, oneOf, reference } from './values';

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** A pod's volumes: named once each, of one kind each (`ValidateVolumes`). */
export function validateVolumes(volumes: readonly Volume[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    if (!volume.name) errors.push(required(`${at}.name`));
    else {
      errors.push(...dns1123LabelProblems(volume.name).map((problem) => invalid(`${at}.name`, volume.name, problem)));
      if (names.has(volume.name)) errors.push(duplicate(`${at}.name`, volume.name));
      names.add(volume.name);
    }
    errors.push(...validateSource(volume, at));
  }
  return errors;
}

function validateSource(volume: Volume, path: string): FieldError[] {
  const sources = Object.entries(volume).filter(([key, value]) => key !== 'name' && value !== undefined);
  const errors = sources
    .slice(1)
    .map(([key]) => forbidden(`${path}.${key}`, 'may not specify more than 1 volume type'));
  const { hostPath, secret, configMap, persistentVolumeClaim, projected, ephemeral, nfs, csi } = volume;
  if (hostPath !== undefined) {
    if (!hostPath.path) errors.push(required(`${path}.hostPath.path`));
    else if (hostPath.path.split('/').includes('..')) {
      errors.push(invalid(`${path}.hostPath.path`, hostPath.path, "must not contain '..'"));
    }
    errors.push(...oneOf(hostPath.type, HOST_PATH_TYPES, `${path}.hostPath.type`));
  }
  if (secret !== undefined) {
    if (!secret.secretName) errors.push(required(`${path}.secret.secretName`));
    errors.push(...validateMode(secret.defaultMode, `${path}.secret.defaultMode`));
    errors.push(...validateItems(secret.items ?? [], `${path}.secret.items`));
  }
  if (configMap !== undefined) {
    if (!configMap.name) errors.push(required(`${path}.configMap.name`));
    errors.push(...validateMode(configMap.defaultMode, `${path}.configMap.defaultMode`));
    errors.push(...validateItems(configMap.items ?? [], `${path}.configMap.items`));
  }
  if (persistentVolumeClaim !== undefined && !persistentVolumeClaim.claimName) {
    errors.push(required(`${path}.persistentVolumeClaim.claimName`));
  }
  if (projected !== undefined) errors.push(...validateMode(projected.defaultMode, `${path}.projected.defaultMode`));
  if (ephemeral !== undefined) {
    const template = ephemeral.volumeClaimTemplate;
    const at = `${path}.ephemeral.volumeClaimTemplate`;
    errors.push(...(template === undefined ? [required(at)] : validateClaimSpec(template.spec, `${at}.spec`)));
  }
  if (nfs !== undefined) {
    if (!nfs.server) errors.push(required(`${path}.nfs.server`));
    if (!nfs.path) errors.push(required(`${path}.nfs.path`));
    else if (!nfs.path.startsWith('/')) errors.push(invalid(`${path}.nfs.path`, nfs.path, 'must be an absolute path'));
  }
  if (csi !== undefined) errors.push(...reference(csi.driver, `${path}.csi.driver`));
  return errors;
}

function validateMode(mode: number | undefined, path: string): FieldError[] {
  if (mode === undefined || inRange(mode, 0, 0o777, path).length === 0) return [];
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

function validateItems(items: readonly { key?: string; path?: string; mode?: number }[], path: string): FieldError[] {
  return items.flatMap((item, index) => {
    const at = `${path}[${index}]`;
    const errors: FieldError[] = item.key ? [] : [required(`${at}.key`)];
    if (!item.path) errors.push(required(`${at}.path`));
    else if (item.path.startsWith('/')) errors.push(invalid(`${at}.path`, item.path, 'must be a relative path'));
    else if (item.path.split('/').includes('..'))
      errors.push(invalid(`${at}.path`, item.path, "must not contain '..'"));
    errors.push(...validateMode(item.mode, `${at}.mode`));
    return errors;
  });
}
