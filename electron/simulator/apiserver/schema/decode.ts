import type { ObjectMeta } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { Decoded } from '../registry/definition';
import { badRequest } from '../status-errors';
import { definitionOf, referredName, resolved, type Schema } from './document';

interface Place {
  /** As problems name it: `spec.containers[0].image`. */
  readonly path: string;
  /** As Go's decoder names it, without indexes: `spec.containers.image`. */
  readonly goPath: string;
  /** The Go type that has the field: `Container`. */
  readonly struct: string;
}

/**
 * Reads what a client sent as an object of a kind.
 * @throws StatusError 400 when a field has the wrong type, with the text of Go's decoder.
 */
export function decode(resource: Pick<Resource, 'group' | 'version' | 'kind'>, value: unknown): Decoded {
  const name = definitionOf(resource);
  const problems: string[] = [];
  const place = { path: '', goPath: '', struct: resource.kind };
  try {
    const schema: Schema = name === undefined ? ANYTHING : { $ref: `#/definitions/${name}` };
    const object = read(value, schema, place, problems);
    if (typeof object !== 'object' || object === null || Array.isArray(object)) {
      throw new TypeMismatch(`json: cannot unmarshal ${described(value)} into Go value of type v1.${resource.kind}`);
    }
    return { object: object as Record<string, unknown>, problems };
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    throw badRequest(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${error.message}`,
    );
  }
}

/**
 * What strict field validation finds in an object: fields that its kind does not have, and those that a text has twice.
 * @param text the body as it came, for a search for duplicates.
 */
export function strictProblems({ problems }: Decoded, text?: string): string[] {
  return [...problems, ...(text === undefined ? [] : duplicateFields(text))];
}

/** A field holds what its type does not; the text is Go's. */
export class TypeMismatch extends Error {}

const OBJECT_META: Schema = { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };

/**
 * Reads metadata by itself.
 * @param path where it stands, as problems name it.
 * @throws TypeMismatch
 */
export function decodeMetadata(value: unknown, path: string): { metadata: ObjectMeta; problems: string[] } {
  const problems: string[] = [];
  // The schema is that of metadata.
  const metadata = read(value, OBJECT_META, { path, goPath: '', struct: 'ObjectMeta' }, problems) as ObjectMeta;
  return { metadata, problems };
}

const ANYTHING: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const OPAQUE = new Set([
  'io.k8s.apimachinery.pkg.api.resource.Quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
]);

function read(value: unknown, schema: Schema, place: Place, problems: string[]): unknown {
  const target = resolved(schema);
  if (target['x-kubernetes-preserve-unknown-fields'] === true) return value;
  if (schema.$ref !== undefined && OPAQUE.has(referredName(schema.$ref))) {
    if (typeof value === 'string' || typeof value === 'number') return value;
    throw mismatch(value, schema, place);
  }
  switch (target.type) {
    case 'object':
      // Whatever it is, it is kept as it came (RawExtension).
      if (target.properties === undefined && target.additionalProperties === undefined) return value;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(value, schema, place);
      return target.properties === undefined
        ? readMap(value as Record<string, unknown>, target.additionalProperties, place, problems)
        : readStruct(value as Record<string, unknown>, schema, target.properties, place, problems);
    case 'array':
      if (!Array.isArray(value)) throw mismatch(value, schema, place);
      return value.map((item: unknown, index) =>
        // Go decodes a null in a list as the type's zero.
        item === null
          ? zeroOf(target.items)
          : read(item, target.items ?? ANYTHING, { ...place, path: `${place.path}[${index}]` }, problems),
      );
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, schema, place);
      if (target.format === 'date-time') checkTime(value);
      if (target.format === 'byte') checkBase64(value);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(value, schema, place);
      return value;
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value) || !fits(value, target.format)) {
        throw mismatch(value, schema, place);
      }
      return value;
    case 'number':
      if (typeof value !== 'number') throw mismatch(value, schema, place);
      return value;
    default:
      return value;
  }
}

function readStruct(
  value: Record<string, unknown>,
  schema: Schema,
  properties: Readonly<Record<string, Schema>>,
  place: Place,
  problems: string[],
): Record<string, unknown> {
  const struct = goName(schema) ?? place.struct;
  const result: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const path = place.path === '' ? key : `${place.path}.${key}`;
    if (property === undefined) problems.push(`unknown field "${path}"`);
    else if (child !== null && child !== undefined) {
      const goPath = place.goPath === '' ? key : `${place.goPath}.${key}`;
      result[key] = read(child, property, { path, goPath, struct }, problems);
    }
  }
  return result;
}

function readMap(
  value: Record<string, unknown>,
  schema: Schema | undefined,
  place: Place,
  problems: string[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    result[key] =
      child === null
        ? zeroOf(schema)
        : read(child, schema ?? ANYTHING, { ...place, path: `${place.path}.${key}` }, problems);
  }
  return result;
}

function zeroOf(schema: Schema | undefined): unknown {
  switch (schema === undefined ? undefined : resolved(schema).type) {
    case 'string':
      return '';
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      // Any JSON: null is a value of its own.
      return null;
  }
}

function fits(value: number, format: string | undefined): boolean {
  return format !== 'int32' || (value >= -(2 ** 31) && value < 2 ** 31);
}

/** RFC 3339 as Go reads it; the text of the refusal names Go's reference time. */
function checkTime(text: string): void {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return;
  const quoted = JSON.stringify(text);
  throw new TypeMismatch(`parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`);
}

/** Standard base64 with padding, as Go reads byte arrays; line ends are passed over. */
function checkBase64(text: string): void {
  const compact = text.replace(/[\r\n]/g, '');
  const match = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(compact);
  const read = match?.[0].length ?? 0;
  if (read === compact.length) return;
  const illegal = compact.slice(read).search(/[^A-Za-z0-9+/]/);
  throw new TypeMismatch(`illegal base64 data at input byte ${illegal < 0 ? read : read + illegal}`);
}

function mismatch(value: unknown, schema: Schema, { struct, goPath }: Place): TypeMismatch {
  const field = goPath === '' ? 'value' : `struct field ${struct}.${goPath}`;
  return new TypeMismatch(`json: cannot unmarshal ${described(value)} into Go ${field} of type ${goType(schema)}`);
}

/** A JSON value as Go's decoder calls it. */
function described(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'number' : `number ${value}`;
    case 'boolean':
      return 'bool';
    default:
      return value === null ? 'null' : 'object';
  }
}

/** The Go type of a schema: `int32`, `map[string]string`, `[]v1.Container`. */
function goType(schema: Schema): string {
  const named = goName(schema);
  if (named !== undefined) return qualified(schema, named);
  switch (schema.type) {
    case 'array':
      return `[]${goType(schema.items ?? ANYTHING)}`;
    case 'object':
      return `map[string]${goType(schema.additionalProperties ?? ANYTHING)}`;
    case 'integer':
      return schema.format ?? 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return schema.format === 'byte' ? '[]uint8' : 'string';
  }
}

/** `Container` of a reference to `io.k8s.api.core.v1.Container`. */
function goName(schema: Schema): string | undefined {
  return schema.$ref?.split('.').at(-1);
}

function qualified(schema: Schema, name: string): string {
  const version = schema.$ref?.split('.').at(-2) ?? 'v1';
  return `${version}.${name}`;
}

/** The fields that a JSON text has twice: `duplicate field "spec.replicas"`. The text must be well-formed. */
function duplicateFields(text: string): string[] {
  const problems: string[] = [];
  /** The objects and lists that the scan is inside of, outermost first. */
  const open: { keys: Set<string> | undefined; name: string; index: number }[] = [];
  const pathTo = (key: string) => [...open.slice(1).map(({ name }) => name), key].join('.').replaceAll('.[', '[');
  let expectsKey = false;
  let lastKey = '';
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const token = match[0];
    const inside = open.at(-1);
    if (token === '{' || token === '[') {
      const name = inside === undefined || inside.keys !== undefined ? lastKey : `[${inside.index}]`;
      open.push({ keys: token === '{' ? new Set() : undefined, name, index: 0 });
      expectsKey = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      expectsKey = false;
    } else if (token === ',') {
      if (inside !== undefined) inside.index++;
      expectsKey = inside?.keys !== undefined;
    } else if (token === ':') expectsKey = false;
    else if (expectsKey && inside?.keys !== undefined) {
      lastKey = JSON.parse(token) as string;
      if (inside.keys.has(lastKey)) problems.push(`duplicate field "${pathTo(lastKey)}"`);
      inside.keys.add(lastKey);
    }
  }
  return problems;
}
