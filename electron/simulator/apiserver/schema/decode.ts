import { messageOf } from '../../../../shared/error-message';
import type { ObjectMeta } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity } from '../../../../shared/kubernetes/quantities';
import type { Resource } from '../../../../shared/kubernetes/resources';
import { membersOf, NumberLiteral } from '../encoding/json-reader';
import type { Decoded } from '../registry/definition';
import { badRequest } from '../status-errors';
import { definitionOf, referredName, resolved, type Schema } from './document';
import { readTime } from './time';
import { vanishes } from './zero-values';

/** How many of them are told of (sigs.k8s.io/json's saveStrictError). */
const MOST_PROBLEMS = 100;

type Problems = Set<string>;

function tell(problems: Problems, problem: string): void {
  if (problems.size < MOST_PROBLEMS) problems.add(problem);
}

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
  try {
    return decodeAs(resource, value);
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    throw badRequest(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${error.message}`,
    );
  }
}

/**
 * As `decode`, for who words the refusal differently.
 * @throws TypeMismatch
 */
export function decodeAs(resource: Pick<Resource, 'group' | 'version' | 'kind'>, value: unknown): Decoded {
  const name = definitionOf(resource);
  const problems: Problems = new Set();
  const place = { path: '', goPath: '', struct: resource.kind };
  const schema: Schema = name === undefined ? ANYTHING : { $ref: `#/definitions/${name}` };
  const object = read(value, schema, place, problems);
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new TypeMismatch(`json: cannot unmarshal ${jsonType(value)} into Go value of type v1.${resource.kind}`);
  }
  return { object: object as Record<string, unknown>, problems: [...problems] };
}

/** A field holds what its type does not; the text is Go's. */

const OBJECT_META: Schema = { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };

/**
 * Reads metadata by itself.
 * @param path where it stands, as problems name it.
 * @throws TypeMismatch
 */
export function decodeMetadata(value: unknown, path: string): { metadata: ObjectMeta; problems: string[] } {
  const problems: Problems = new Set();
  // The schema is that of metadata.
  const metadata = read(value, OBJECT_META, { path, goPath: '', struct: 'ObjectMeta' }, problems) as ObjectMeta;
  return { metadata, problems: [...problems] };
}
/** What is of no kind: only what stands twice can be wrong with it. */
export function decodeUntyped(value: unknown): { readonly value: unknown; readonly problems: readonly string[] } {
  const problems: Problems = new Set();
  return { value: readAnything(value, { path: '', goPath: '', struct: '' }, problems), problems: [...problems] };
}

/** A field holds what its type does not; the text is Go's. */
export class TypeMismatch extends Error {
  /** In the words of who makes a struct of a map and not of a text (apimachinery/pkg/runtime/converter.go). */
  readonly converted: string;

  constructor(message: string, converted = message) {
    super(message);
    this.converted = converted;
  }
}

const ANYTHING: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const MICRO_TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime';

function read(value: unknown, schema: Schema, place: Place, problems: Problems): unknown {
  const target = resolved(schema);
  if (target['x-kubernetes-preserve-unknown-fields'] === true) return readAnything(value, place, problems);
  const type = schema.$ref && referredName(schema.$ref);
  if (type === QUANTITY) return readQuantity(value);
  if (type === INT_OR_STRING) return readIntOrString(value, place);
  switch (target.type) {
    case 'object':
      // Whatever it is, it is kept as it came (RawExtension).
      if (target.properties === undefined && target.additionalProperties === undefined) {
        return readAnything(value, place, problems);
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof NumberLiteral) {
        throw mismatch(value, schema, place);
      }
      return target.properties === undefined
        ? readMap(value, target.additionalProperties, place, problems)
        : readStruct(value, schema, target.properties, place, problems);
    case 'array':
      if (!Array.isArray(value)) throw mismatch(value, schema, place);
      return value.map((item: unknown, index) =>
        // Go decodes a null in a list as the type's zero.
        item === null
          ? zeroOf(target.items)
          : read(item, target.items ?? ANYTHING, { ...place, path: `${place.path}[${index}]` }, problems),
      );
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, target.format === 'date-time' ? target : schema, place);
      if (target.format === 'date-time') return timeOf(value, type === MICRO_TIME);
      if (target.format === 'byte') checkBase64(value);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(value, schema, place);
      return value;
    case 'integer':
      if (!isInteger(value) || !fits(value, target.format)) throw mismatch(value, schema, place);
      return value;
    case 'number':
      if (value instanceof NumberLiteral) return value.value;
      if (typeof value !== 'number' && typeof value !== 'bigint') throw mismatch(value, schema, place);
      return Number(value);
    default:
      return plain(value);
  }
}

/** What may hold anything: nothing in it is unknown, but a key can stand twice. */
function readAnything(value: unknown, place: Place, problems: Problems): unknown {
  if (typeof value !== 'object' || value === null || value instanceof NumberLiteral) return plain(value);
  if (Array.isArray(value)) {
    return value.map((item, index) => readAnything(item, { ...place, path: `${place.path}[${index}]` }, problems));
  }
  const result: Record<string, unknown> = {};
  for (const [key, child] of membersOf(value)) {
    const path = place.path === '' ? key : `${place.path}.${key}`;
    if (Object.hasOwn(result, key)) tell(problems, `duplicate field "${path}"`);
    result[key] = readAnything(child, { ...place, path }, problems);
  }
  return result;
}

function plain(value: unknown): unknown {
  return value instanceof NumberLiteral ? value.value : value;
}

function readQuantity(value: unknown): string {
  // A number is read as the text that it is.
  const text = value instanceof NumberLiteral ? value.text : isInteger(value) ? String(value) : value;
  try {
    return canonicalQuantity(String(text));
  } catch (error) {
    throw new TypeMismatch(messageOf(error));
  }
}

function readIntOrString(value: unknown, place: Place): unknown {
  if (typeof value === 'string' || (isInteger(value) && fits(value, 'int32'))) return value;
  // What is no text is read as a number.
  throw mismatch(value, INT32, place);
}

const INT32: Schema = { type: 'integer', format: 'int32' };

function readStruct(
  value: object,
  schema: Schema,
  properties: Readonly<Record<string, Schema>>,
  place: Place,
  problems: Problems,
): Record<string, unknown> {
  const type = schema.$ref && referredName(schema.$ref);
  const struct = goName(schema) ?? place.struct;
  const result: Record<string, unknown> = {};
  const members = membersOf(value);
  const seen = members.length > Object.keys(value).length ? new Set<string>() : undefined;
  for (const [key, child] of members) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const path = place.path === '' ? key : `${place.path}.${key}`;
    if (property === undefined) {
      tell(problems, `unknown field "${path}"`);
      continue;
    }
    if (seen?.has(key)) tell(problems, `duplicate field "${path}"`);
    seen?.add(key);
    if (child === null || child === undefined) continue;
    const goPath = place.goPath === '' ? key : `${place.goPath}.${key}`;
    const field = read(child, property, { path, goPath, struct }, problems);
    if (field === undefined || vanishes(type, key, field, property)) delete result[key];
    else result[key] = field;
  }
  return result;
}

function readMap(value: object, schema: Schema | undefined, place: Place, problems: Problems): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, child] of membersOf(value)) {
    const path = `${place.path}.${key}`;
    if (Object.hasOwn(result, key)) tell(problems, `duplicate field "${path}"`);
    result[key] = child === null ? zeroOf(schema) : read(child, schema ?? ANYTHING, { ...place, path }, problems);
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

function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function isNumber(value: unknown): value is number | bigint | NumberLiteral {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof NumberLiteral;
}

function literalOf(value: number | bigint | NumberLiteral): string {
  return value instanceof NumberLiteral ? value.text : String(value);
}

function fits(value: number | bigint, format: string | undefined): boolean {
  return format !== 'int32' || (value >= -(2 ** 31) && value < 2 ** 31);
}

/** @returns `undefined` for Go's zero time, which is written as nothing. */
function timeOf(text: string, micro: boolean): string | undefined {
  try {
    return readTime(text, micro);
  } catch (error) {
    throw new TypeMismatch(messageOf(error));
  }
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

/** Texts whose type has a name in Go. Schemas have none of that. */
const NAMED_TEXTS: Readonly<Record<string, string>> = {
  'DeleteOptions.propagationPolicy': 'v1.DeletionPropagation',
};

function mismatch(value: unknown, schema: Schema, { struct, goPath }: Place): TypeMismatch {
  const field = goPath === '' ? 'value' : `struct field ${struct}.${goPath}`;
  const type = NAMED_TEXTS[`${struct}.${goPath}`] ?? goType(schema);
  // Of a number that an integer could not be, Go says which.
  const shown = isNumber(value) && /^u?int/.test(type) ? `number ${literalOf(value)}` : jsonType(value);
  const message = `json: cannot unmarshal ${shown} into Go ${field} of type ${type}`;
  return new TypeMismatch(message, conversion(value, schema, type));
}

function conversion(value: unknown, schema: Schema, type: string): string {
  const kind = valueKind(value);
  const target = resolved(schema);
  if (target.type === 'array') return `cannot restore slice from ${kind}`;
  if (target.type === 'object') {
    return target.properties === undefined ? `cannot restore map from ${kind}` : `cannot restore struct from: ${kind}`;
  }
  // Go could make a character of an integer, and an integer of a fraction.
  const isConvertible =
    (kind === 'int64' && target.type === 'string') || (kind === 'float64' && target.type === 'integer');
  return isConvertible ? `cannot convert ${kind} to ${type}` : `unrecognized type: ${goType(target)}`;
}

/** The kind of Go's value. */
function valueKind(value: unknown): string {
  if (value instanceof NumberLiteral || isNumber(value)) return isInteger(value) ? 'int64' : 'float64';
  const type = jsonType(value);
  return { array: 'slice', object: 'map' }[type] ?? type;
}

/** A JSON value as Go's decoder calls it. */
export function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (isNumber(value)) return 'number';
  switch (typeof value) {
    case 'string':
      return 'string';
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
export function goName(schema: Schema): string | undefined {
  return schema.$ref?.split('.').at(-1);
}

function qualified(schema: Schema, name: string): string {
  const version = schema.$ref?.split('.').at(-2) ?? 'v1';
  return `${version}.${name}`;
}
