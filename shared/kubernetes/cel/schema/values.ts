import { type CelType, struct } from '../types';
import { ValueList } from '../values/collections';
import { equals } from '../values/equality';
import { parseDuration, parseTimestamp } from '../values/time-and-numbers';
import { CelList, CelMap, EvaluationError, Opaque, type Value } from '../values/value';
import { unescapeProperty } from './escaping';
import { asResource, type Schema, valuesOf } from './schema';

/**
 * JSON as an expression sees it, by its schema (k8s.io/apiserver/pkg/cel/common/valuesunstructured.go). Nothing is converted
 * before it is read.
 * @throws EvaluationError when the data is not what the schema says.
 */
export function typedValue(data: unknown, schema: Schema): Value {
  if (data === null || data === undefined) {
    if (schema.nullable) return null;
    throw new EvaluationError('invalid data, got null for schema with nullable=false');
  }
  if (schema['x-kubernetes-int-or-string']) {
    if (typeof data === 'string') return data;
    const value = integer(data);
    if (value !== undefined) return value;
    throw new EvaluationError('invalid data, expected XIntOrString value to be either a string or integer');
  }
  switch (schema.type) {
    case 'object':
      if (isRecord(data)) return objectValue(data, schema);
      throw new EvaluationError('invalid data, expected a map for the provided schema with type=object');
    case 'array':
      if (!Array.isArray(data)) {
        throw new EvaluationError('invalid data, expected an array for the provided schema with type=array');
      }
      return listValue(data, schema);
    case 'string':
      return stringValue(data, schema.format);
    case 'number':
      if (typeof data === 'number' || typeof data === 'bigint') return Number(data);
      throw new EvaluationError(`invalid data, expected float, got ${goType(data)}`);
    case 'integer': {
      const value = integer(data);
      if (value !== undefined) return value;
      throw new EvaluationError(`invalid data, expected int, got ${goType(data)}`);
    }
    case 'boolean':
      if (typeof data === 'boolean') return data;
      throw new EvaluationError(`invalid data, expected bool, got ${goType(data)}`);
    default:
      if (schema['x-kubernetes-preserve-unknown-fields']) return new Unknown(data);
      throw new EvaluationError(
        `invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ${schema.type ?? ''}`,
      );
  }
}

/** JSON of which no schema says what it is: objects are maps, whole numbers are integers. */
export function dynamicValue(data: unknown): Value {
  switch (typeof data) {
    case 'string':
    case 'boolean':
      return data;
    case 'bigint':
      return data;
    case 'number':
      return Number.isInteger(data) ? BigInt(data) : data;
    default:
      if (Array.isArray(data)) return new JsonList(data, dynamicValue);
      if (isRecord(data)) return new JsonMap(data);
      return null;
  }
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function integer(data: unknown): bigint | undefined {
  if (typeof data === 'bigint') return data;
  return typeof data === 'number' && Number.isInteger(data) ? BigInt(data) : undefined;
}

/** The name that Go has for the type of JSON data. */
function goType(data: unknown): string {
  if (typeof data === 'boolean') return 'bool';
  if (typeof data === 'number') return Number.isInteger(data) ? 'int64' : 'float64';
  if (typeof data === 'bigint') return 'int64';
  if (Array.isArray(data)) return '[]interface {}';
  return typeof data === 'string' ? 'string' : 'map[string]interface {}';
}

function stringValue(data: unknown, format: string | undefined): Value {
  if (typeof data !== 'string') throw new EvaluationError(`invalid data, expected string, got ${goType(data)}`);
  switch (format) {
    case 'duration': {
      const value = parseDuration(data);
      if (value === undefined)
        throw new EvaluationError(`Invalid duration ${data}: unable to parse ${data} as duration`);
      return value;
    }
    case 'date':
      return time(`${data}T00:00:00Z`, `Invalid date formatted string ${data}`);
    case 'date-time':
      return time(data, `Invalid date-time formatted string ${data}`);
    case 'byte':
      return bytes(data);
    default:
      return data;
  }
}

function time(text: string, refusal: string): Value {
  const value = parseTimestamp(text);
  if (value === undefined) throw new EvaluationError(refusal);
  return value;
}

function bytes(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    // `atob` only ever complains of its text.
    throw new EvaluationError(`Invalid byte formatted string ${text}: illegal base64 data`);
  }
}

type Convert = (data: unknown) => Value;

class JsonList extends CelList {
  readonly items: readonly unknown[];
  readonly convert: Convert;
  override readonly native: readonly unknown[] | undefined;

  constructor(items: readonly unknown[], convert: Convert) {
    super();
    this.native = convert === dynamicValue ? items : undefined;
    this.items = items;
    this.convert = convert;
  }

  get size(): number {
    return this.items.length;
  }

  at(index: number): Value {
    return this.convert(this.items[index]);
  }
}

/** A list whose elements are told apart by some of their properties, or as a whole: order does not matter. */
class KeyedList extends ValueList {
  readonly #keyOf: (element: Value) => string;

  constructor(values: readonly Value[], keyOf: (element: Value) => string) {
    super(values);
    this.#keyOf = keyOf;
  }

  override equals(other: CelList): boolean {
    const byKey = new Map<string, Value>();
    for (const one of this) byKey.set(this.#keyOf(one), one);
    for (const one of other) {
      const own = byKey.get(this.#keyOf(one));
      if (own === undefined || !equals(own, one)) return false;
    }
    return true;
  }

  /** Elements with a key that is here already take its place; the others are added. */
  override concat(other: CelList): CelList {
    const values: Value[] = [];
    const places = new Map<string, number>();
    for (const one of [...this, ...other]) {
      const key = this.#keyOf(one);
      const place = places.get(key);
      if (place === undefined) places.set(key, values.push(one) - 1);
      else values[place] = one;
    }
    return new KeyedList(values, this.#keyOf);
  }
}

function listValue(data: readonly unknown[], schema: Schema): CelList {
  const { items } = schema;
  if (items === undefined) throw new EvaluationError('invalid array type, expected Items with a non-empty Schema');
  const convert = (item: unknown) => typedValue(item, items);
  switch (schema['x-kubernetes-list-type']) {
    case 'map': {
      const keys = schema['x-kubernetes-list-map-keys'] ?? [];
      return new KeyedList(data.map(convert), (element) =>
        JSON.stringify(keys.map((key) => scalarKey(element instanceof CelMap ? element.find(key) : undefined))),
      );
    }
    case 'set':
      return new KeyedList(data.map(convert), scalarKey);
    case undefined:
    case 'atomic':
      return new JsonList(data, convert);
    default:
      throw new EvaluationError(
        `invalid x-kubernetes-list-type, expected 'map', 'set' or 'atomic' but got ${schema['x-kubernetes-list-type']}`,
      );
  }
}

const scalarKey = (value: Value | undefined) => (value === undefined ? '' : `${typeof value}:${String(value)}`);

/** Data of which nothing is known but that it is kept: it can be compared, and nothing else. */
class Unknown extends Opaque {
  readonly type: CelType = struct('unknown');
  readonly data: unknown;

  constructor(data: unknown) {
    super();
    this.data = data;
  }

  equals(other: Value): boolean {
    return other instanceof Unknown && equals(dynamicValue(this.data), dynamicValue(other.data));
  }
}

class JsonMap extends CelMap {
  readonly #data: Readonly<Record<string, unknown>>;
  readonly #schema: Schema | undefined;
  override readonly native: Readonly<Record<string, unknown>> | undefined;

  /** @param schema of its values. */
  constructor(data: Readonly<Record<string, unknown>>, schema?: Schema) {
    super();
    this.native = schema === undefined ? data : undefined;
    this.#data = data;
    this.#schema = schema;
  }

  get size(): number {
    let count = 0;
    for (const key in this.#data) if (this.#data[key] !== undefined) count++;
    return count;
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.#data, key)) return undefined;
    const value = this.#data[key];
    if (value === undefined) return undefined;
    return this.#schema === undefined ? dynamicValue(value) : typedValue(value, this.#schema);
  }

  *keys(): Iterable<Value> {
    for (const [key, value] of Object.entries(this.#data)) if (value !== undefined) yield key;
  }
}

/** An object with the fields that its schema says. */
class JsonObject extends CelMap {
  override readonly type: CelType = struct('object');
  readonly #data: Readonly<Record<string, unknown>>;
  readonly #properties: Readonly<Record<string, Schema>>;

  constructor(data: Readonly<Record<string, unknown>>, properties: Readonly<Record<string, Schema>>) {
    super();
    this.#data = data;
    this.#properties = properties;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  find(key: Value): Value | undefined {
    const name = typeof key === 'string' ? unescapeProperty(key) : undefined;
    if (name === undefined || !Object.hasOwn(this.#data, name) || !Object.hasOwn(this.#properties, name)) {
      return undefined;
    }
    const [value, schema] = [this.#data[name], this.#properties[name]];
    return value === undefined || schema === undefined ? undefined : typedValue(value, schema);
  }

  *keys(): Iterable<Value> {
    for (const [key, value] of Object.entries(this.#data)) {
      if (value !== undefined && Object.hasOwn(this.#properties, key)) yield key;
    }
  }
}

function objectValue(data: Readonly<Record<string, unknown>>, given: Schema): CelMap {
  const schema = given['x-kubernetes-embedded-resource'] ? asResource(given) : given;
  if (schema.properties !== undefined) return new JsonObject(data, schema.properties);
  const values = valuesOf(schema);
  return values === undefined ? new JsonObject(data, {}) : new JsonMap(data, values);
}
