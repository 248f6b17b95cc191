import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../../../shared/error-message';
import { configMapKeyProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Secret } from '../../../../shared/kubernetes/objects';
import { readJson } from '../encoding/json-reader';
import { type FieldError, forbidden, invalid, required, tooLong } from './field-error';

const SIZE_LIMIT = 1024 * 1024;

interface Data {
  data?: Readonly<Record<string, string>> | undefined;
  binaryData?: Readonly<Record<string, string>> | undefined;
}

/** The keys of a ConfigMap and its size (`ValidateConfigMap`). */
export function validateData({ data = {}, binaryData = {} }: Data, kind: 'ConfigMap' | 'Secret'): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    errors.push(...configMapKeyProblems(key).map((problem) => invalid(`data[${key}]`, key, problem)));
    if (Object.hasOwn(binaryData, key))
      errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    size += kind === 'Secret' ? Buffer.from(value, 'base64').length : Buffer.byteLength(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    errors.push(...configMapKeyProblems(key).map((problem) => invalid(`binaryData[${key}]`, key, problem)));
    size += Buffer.from(value, 'base64').length;
  }
  if (size > SIZE_LIMIT) errors.push(tooLong(kind === 'ConfigMap' ? '' : 'data', SIZE_LIMIT));
  return errors;
}

const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** A Secret's keys, size, and what its type asks for (`ValidateSecret`). */
export function validateSecret(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const errors = validateData({ data }, 'Secret');
  const type = secret.type ?? '';
  for (const key of REQUIRED_KEYS[type] ?? []) {
    const text = data[key];
    if (text === undefined) errors.push(required(`data[${key}]`));
    else if (key.startsWith('.docker')) errors.push(...validateJson(text, `data[${key}]`));
  }
  if (type === 'kubernetes.io/basic-auth' && data.username === undefined && data.password === undefined) {
    errors.push(required('data[username]'), required('data[password]'));
  }
  if (type === 'kubernetes.io/service-account-token') {
    const account = 'kubernetes.io/service-account.name';
    if (!secret.metadata.annotations?.[account]) errors.push(required(`metadata.annotations[${account}]`));
  }
  return errors;
}

/** That a value is JSON; what it is it keeps to itself. */
function validateJson(encoded: string, path: string): FieldError[] {
  try {
    readJson(Buffer.from(encoded, 'base64').toString());
    return [];
  } catch (error) {
    return [invalid(path, '<secret contents redacted>', messageOf(error))];
  }
}

/** What clients should know of a Secret that is stored all the same (`warningsForSecret`). */
export function secretWarnings({ type, data = {} }: Secret): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const lacks = (key: string) => !Buffer.from(data[key] ?? '', 'base64').includes('-----BEGIN ');
  if (lacks('tls.crt')) return ['tls: failed to find any PEM data in certificate input'];
  return lacks('tls.key') ? ['tls: failed to find any PEM data in key input'] : [];
}

/** A field that may not change any more. */
export function unchanged(field: string, value: unknown, old: unknown, text: string): FieldError[] {
  return isDeepStrictEqual(value ?? null, old ?? null) ? [] : [forbidden(field, text)];
}
