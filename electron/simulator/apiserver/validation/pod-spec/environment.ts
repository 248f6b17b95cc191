import {
  configMapKeyProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  envVarNameProblems,
} from '../../../../../shared/kubernetes/label-syntax';
import type { Container, PodSpec } from '../../strategies/pod-defaults';
import { type FieldError, invalid, notFound, required } from '../field-error';
import { invalidFor } from '../values';
import { containersOf } from './containers-of';
import { validateFieldRef, validateResourceFieldRef } from './downward-api';
import { withoutBacksteps } from './paths';

type EnvVar = NonNullable<Container['env']>[number];
type EnvSource = NonNullable<Container['envFrom']>[number];
type ValueSource = NonNullable<EnvVar['valueFrom']>;

const POD_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** A container's variables, given one by one (`ValidateEnv`). */
export function validateEnv(variables: readonly EnvVar[], path: string): FieldError[] {
  return variables.flatMap(({ name, value, valueFrom }, index) => {
    const at = `${path}[${index}]`;
    return [
      ...(name ? invalidFor(`${at}.name`, name, envVarNameProblems) : [required(`${at}.name`)]),
      ...(valueFrom === undefined ? [] : validateValueFrom(valueFrom, value ?? '', `${at}.valueFrom`)),
    ];
  });
}

function validateValueFrom(source: ValueSource, value: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef !== undefined) errors.push(...validateFieldRef(fieldRef, POD_FIELDS, `${path}.fieldRef`));
  if (resourceFieldRef !== undefined) {
    errors.push(...validateResourceFieldRef(resourceFieldRef, false, `${path}.resourceFieldRef`));
  }
  if (configMapKeyRef !== undefined) errors.push(...validateKeyRef(configMapKeyRef, `${path}.configMapKeyRef`));
  if (secretKeyRef !== undefined) errors.push(...validateKeyRef(secretKeyRef, `${path}.secretKeyRef`));
  if (fileKeyRef !== undefined) errors.push(...validateFileKeyRef(fileKeyRef, `${path}.fileKeyRef`));
  const given = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(
    (one) => one !== undefined,
  ).length;
  if (given === 0) {
    const kinds = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    errors.push(invalid(path, '', `must specify one of: ${kinds}`));
  } else if (value !== '') errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (given > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  return errors;
}

function validateKeyRef({ name = '', key }: { name?: string; key?: string }, path: string): FieldError[] {
  return [
    ...invalidFor(`${path}.name`, name, dns1123SubdomainProblems),
    ...(key ? invalidFor(`${path}.key`, key, configMapKeyProblems) : [required(`${path}.key`)]),
  ];
}

function validateFileKeyRef(
  { key, volumeName, path: file }: { key?: string; volumeName?: string; path?: string },
  path: string,
): FieldError[] {
  return [
    ...(key ? invalidFor(`${path}.key`, key, envVarNameProblems) : [required(`${path}.key`)]),
    ...(volumeName
      ? invalidFor(`${path}.volumeName`, volumeName, dns1123LabelProblems)
      : [required(`${path}.volumeName`)]),
    ...(file ? withoutBacksteps(file, `${path}.path`) : [required(`${path}.path`)]),
  ];
}

/** Variables of whole ConfigMaps and Secrets (`ValidateEnvFrom`). */
export function validateEnvFrom(sources: readonly EnvSource[], path: string): FieldError[] {
  return sources.flatMap(({ prefix, configMapRef, secretRef }, index) => {
    const at = `${path}[${index}]`;
    const errors = prefix ? invalidFor(`${at}.prefix`, prefix, envVarNameProblems) : [];
    if (configMapRef !== undefined) errors.push(...validateSourceName(configMapRef.name, `${at}.configMapRef.name`));
    if (secretRef !== undefined) errors.push(...validateSourceName(secretRef.name, `${at}.secretRef.name`));
    // Upstream blames the whole list for these two.
    if (configMapRef === undefined && secretRef === undefined) {
      errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    } else if (configMapRef !== undefined && secretRef !== undefined) {
      errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
    }
    return errors;
  });
}

function validateSourceName(name: string | undefined, path: string): FieldError[] {
  if (!name) return [required(path)];
  // The name may be a prefix here: a last dash does not count (`ValidateConfigMapName` with `prefix`).
  const problems = dns1123SubdomainProblems(name.endsWith('-') ? `${name.slice(0, -1)}a` : name);
  return problems.map((problem) => invalid(path, name, problem));
}

/** Files of variables must lie in an emptyDir (`validateFileKeyRefVolumes`). */
export function validateFileKeyVolumes(spec: PodSpec, path: string): FieldError[] {
  const volumes = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return containersOf(spec, path).flatMap(([container, at]) =>
    (container.env ?? []).flatMap(({ valueFrom }, index) => {
      if (valueFrom?.fileKeyRef === undefined) return [];
      const { volumeName: name = '' } = valueFrom.fileKeyRef;
      const field = `${at}.env[${index}].valueFrom.fileKeyRef.volumeName`;
      const volume = volumes.get(name);
      if (volume === undefined) return [notFound(field, name)];
      return volume.emptyDir === undefined ? [invalid(field, name, 'referenced volume must be of type emptyDir')] : [];
    }),
  );
}
