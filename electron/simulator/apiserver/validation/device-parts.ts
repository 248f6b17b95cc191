import { celTypes, compile } from '../../../../shared/kubernetes/cel';
import { dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { DeviceClass } from '../../../../shared/kubernetes/objects';
import { validateList } from './device-lists';
import { type FieldError, invalid, required, tooLong } from './field-error';
import { validateDriverName } from './pod-spec/volume-sources';
import { invalidFor } from './values';

/** What claims, classes and slices of devices have in common (pkg/apis/resource/validation). */

export type Selector = NonNullable<DeviceClass['spec']['selectors']>[number];
export type Configuration = NonNullable<DeviceClass['spec']['config']>[number];

const LONGEST_EXPRESSION = 10 * 1024;
const LONGEST_PARAMETERS = 10 * 1024;
const LONGEST_POOL = 253;
const LONGEST_ID = 32;
const MOST_SELECTORS = 32;
export const MOST_CONFIGURATIONS = 32;
export const MOST_REQUESTS = 32;

const { DYN, STRING, BOOL, mapOf, struct, isSame } = celTypes;
const DEVICE = 'kubernetes.DRADevice';
const deviceTypes = {
  variables: new Map([['device', struct(DEVICE)]]),
  structs: new Map([
    [
      DEVICE,
      new Map([
        ['driver', STRING],
        ['attributes', mapOf(STRING, mapOf(STRING, DYN))],
        ['capacity', mapOf(STRING, mapOf(STRING, struct('kubernetes.Quantity')))],
      ]),
    ],
  ]),
};

export const validateSelectors = (selectors: readonly Selector[] = [], path: string) =>
  validateList(selectors, MOST_SELECTORS, path, validateSelector);

function validateSelector({ cel }: Selector, path: string): FieldError[] {
  if (cel === undefined) return [required(`${path}.cel`)];
  const { expression = '' } = cel;
  const at = `${path}.cel.expression`;
  if (Buffer.byteLength(expression) > LONGEST_EXPRESSION) return [tooLong(at, LONGEST_EXPRESSION)];
  const compiled = compile(expression, deviceTypes);
  if ('errors' in compiled) return [invalid(at, expression, `compilation failed: ${compiled.errors}`)];
  const { type } = compiled.program;
  if (type.kind === 'dyn' || isSame(type, BOOL)) return [];
  return [invalid(at, expression, `must evaluate to bool or the unknown type, not ${type.name}`)];
}

export function validateConfiguration({ opaque }: Configuration, path: string): FieldError[] {
  const at = `${path}.opaque`;
  if (opaque === undefined) return [required(at)];
  return [
    ...validateDriverName(opaque.driver, `${at}.driver`),
    ...validateRaw(opaque.parameters, `${at}.parameters`, LONGEST_PARAMETERS),
  ];
}

/** `validateRawExtension`: an object of any kind. */
export function validateRaw(value: unknown, path: string, longest: number): FieldError[] {
  if (value === undefined || value === null) return [required(path)];
  if (Buffer.byteLength(JSON.stringify(value)) > longest) return [tooLong(path, longest)];
  const isObject = typeof value === 'object' && !Array.isArray(value);
  return isObject ? [] : [invalid(path, '<value omitted>', 'must be a valid JSON object')];
}

export function validatePoolName(name: string | undefined, path: string): FieldError[] {
  if (!name) return [required(path)];
  return [
    ...(name.length > LONGEST_POOL ? [tooLong(path, LONGEST_POOL)] : []),
    ...name.split('/').flatMap((part) => invalidFor(path, part, dns1123SubdomainProblems)),
  ];
}

/** The name of an attribute or a capacity, with or without its domain (`validateQualifiedName`). */
export function validateQualifiedName(name: string, path: string): FieldError[] {
  const [first = '', second, ...more] = name.split('/');
  if (more.length > 0) return [];
  if (second === undefined) return validateIdentifier(first, path);
  return [
    ...(first === '' ? [invalid(path, '', 'the domain must not be empty')] : validateDriverName(first, path)),
    ...(second === '' ? [invalid(path, '', 'the name must not be empty')] : validateIdentifier(second, path)),
  ];
}

const IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*';
const IDENTIFIER_PATTERN = new RegExp(`^${IDENTIFIER}$`);

function validateIdentifier(name: string, path: string): FieldError[] {
  const errors = name.length > LONGEST_ID ? [tooLong(path, LONGEST_ID)] : [];
  if (!IDENTIFIER_PATTERN.test(name)) {
    const why = `a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '${IDENTIFIER}')`;
    errors.push(invalid(path, name, why));
  }
  return errors;
}
