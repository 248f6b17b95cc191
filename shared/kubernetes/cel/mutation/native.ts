import { StructValue } from '../values/struct-value';
import { formatDuration, formatTimestamp } from '../values/time-and-numbers';
import {
  CelList,
  CelMap,
  Duration,
  EvaluationError,
  Optional,
  Timestamp,
  TypeValue,
  typeOfValue,
  Uint,
  type Value,
} from '../values/value';
import { GoValue, goTypeOf } from './go-value';

/** Objects and patches that an expression has made, as JSON (k8s.io/apiserver/pkg/cel/mutation/dynamic/objects.go). */

/**
 * Checks that each object within an object is called as the fields lead to it: `Object.spec` in `spec`.
 * @throws EvaluationError
 */
export function checkTypeNames(value: Value): void {
  if (!(value instanceof StructValue)) return;
  const errors = [...wrongNames(value, value.type.name)];
  if (errors.length > 0) throw new EvaluationError(`type mismatch: ${errors.join('\n')}`);
}

function* wrongNames(value: Value, path: string): Iterable<string> {
  if (value instanceof StructValue) {
    const { name } = value.type;
    if (name !== path) {
      const got = JSON.stringify(name);
      yield `unexpected type name ${got}, expected ${JSON.stringify(path)}, which matches field name path from root Object type`;
    }
    for (const [field, child] of value.fields) yield* wrongNames(child, `${path}.${field}`);
  } else if (value instanceof CelList) {
    for (const item of value) yield* wrongNames(item, path);
  } else if (value instanceof CelMap) {
    for (const key of value.keys()) yield* wrongNames(value.find(key) ?? null, path);
  } else if (value instanceof Optional && value.value !== undefined) yield* wrongNames(value.value, path);
}

/**
 * An object as Go's maps and slices have it: what is not JSON stays in it as a `GoValue`, to be refused by whoever knows the
 * schema. Of lists and maps one level is looked into.
 * @throws EvaluationError when a map has keys that are no texts.
 */
export function nativeObject({ fields }: StructValue): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of fields) object[name] = fieldValue(value);
  return object;
}

function fieldValue(value: Value): unknown {
  if (value instanceof Optional) return value.value === undefined ? null : fieldValue(value.value);
  if (value instanceof StructValue) return nativeObject(value);
  if (value instanceof CelList) return value.native ?? [...value].map(innerValue);
  if (!(value instanceof CelMap)) return innerValue(value);
  return (
    value.native ??
    Object.fromEntries([...value.keys()].map((key) => [textKey(key), innerValue(value.find(key) ?? null)]))
  );
}

function textKey(key: Value): string {
  if (typeof key === 'string') return key;
  throw new EvaluationError('invalid return type: *dynamic.ObjectVal');
}

/** What `Value()` answers. */
function innerValue(value: Value): unknown {
  if (value instanceof StructValue) return nativeObject(value);
  if (value instanceof Optional) return value.value === undefined ? null : innerValue(value.value);
  if (value instanceof TypeValue) return value.type.name;
  if (value instanceof CelList || value instanceof CelMap) return value.native ?? new GoValue(value);
  const isJson = value !== null && ['string', 'bigint', 'number', 'boolean'].includes(typeof value);
  return isJson ? (typeof value === 'bigint' ? Number(value) : value) : new GoValue(value);
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A value of a JSON patch (cel-go's conversion to `structpb.Value`). @throws EvaluationError for what cannot be one. */
export function jsonValue(value: Value): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'bigint':
      return integer(value);
    default:
      break;
  }
  if (value === null) return null;
  if (value instanceof StructValue) return structJson(nativeObject(value));
  if (value instanceof Uint) return integer(value.value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof Uint8Array) return base64(value);
  if (value instanceof CelList) return [...value].map(jsonValue);
  if (value instanceof CelMap) {
    return Object.fromEntries([...value.keys()].map((key) => [jsonKey(key), jsonValue(value.find(key) ?? null)]));
  }
  if (value instanceof Optional && value.value !== undefined) return jsonValue(value.value);
  throw new EvaluationError(`type conversion not supported for '${typeOfValue(value).name}'`);
}

/** What a reader of JSON would take for another number is written as a text. */
function integer(value: bigint): number | string {
  return value <= SAFE && value >= -SAFE ? Number(value) : String(value);
}

function jsonKey(key: Value): string {
  if (typeof key === 'string') return key;
  throw new EvaluationError(`unsupported type conversion from '${typeOfValue(key).name}' to string`);
}

/** `structpb.NewStruct` of what an object has become. */
function structJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structJson);
  if (value instanceof GoValue) {
    if (value.value instanceof Uint) return Number(value.value.value);
    if (value.value instanceof Uint8Array) return base64(value.value);
    throw new EvaluationError(`proto: invalid type: ${goTypeOf(value.value)}`);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, structJson(child)]));
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
