import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  TIMESTAMP,
  TYPE,
  UINT,
} from '../types';

/** What an expression computes with: `int` is a bigint, `double` a number. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | CelList
  | CelMap
  | TypeValue
  | Optional
  | Opaque;

/** An expression could not be evaluated. `&&`, `||` and the macros over lists may absorb it; its message is upstream's. */
export class EvaluationError extends Error {}

export class Uint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

export class Timestamp {
  /** Since 1970, UTC. */
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

export class Duration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

/** A type as a value: what `type(x)` answers. */
export class TypeValue {
  readonly type: CelType;

  constructor(type: CelType) {
    this.type = type;
  }
}

export class Optional {
  static readonly none = new Optional(undefined);
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export abstract class CelList {
  abstract readonly size: number;
  /** The JSON that it shows, of which no schema is known. */
  readonly native: readonly unknown[] | undefined = undefined;
  /** @param index within the list. */
  abstract at(index: number): Value;

  *[Symbol.iterator](): Iterator<Value> {
    for (let index = 0; index < this.size; index++) yield this.at(index);
  }

  /** Equality where the list's kind has its own: list maps and sets do not mind the order. `undefined`: it has none. */
  equals(_other: CelList): boolean | undefined {
    return undefined;
  }

  /** `this + other` where the list's kind has its own. */
  concat(_other: CelList): CelList | undefined {
    return undefined;
  }
}

/** A map, or an object with typed fields. */
export abstract class CelMap {
  abstract readonly size: number;
  abstract find(key: Value): Value | undefined;
  abstract keys(): Iterable<Value>;
  /** The JSON that it shows, of which no schema is known. */
  readonly native: Readonly<Record<string, unknown>> | undefined = undefined;
  /** Of an object with typed fields. */
  readonly type: CelType | undefined = undefined;
}

/** A value that only its own functions look into: a quantity, an address, an authorizer. */
export abstract class Opaque {
  abstract readonly type: CelType;
  abstract equals(other: Value): boolean;
  /** What its size counts as when a call's cost is told; `undefined`: one. */
  readonly size: number | undefined = undefined;
}

const LIST_OF_DYN = listOf(DYN);
const MAP_OF_DYN = mapOf(DYN, DYN);
const OPTIONAL = optionalOf(DYN);

/** The type of a value at run time, with what it holds forgotten. */
export function typeOfValue(value: Value): CelType {
  switch (typeof value) {
    case 'boolean':
      return BOOL;
    case 'bigint':
      return INT;
    case 'number':
      return DOUBLE;
    case 'string':
      return STRING;
    default:
      if (value === null) return NULL;
      if (value instanceof CelMap) return value.type ?? MAP_OF_DYN;
      if (value instanceof CelList) return LIST_OF_DYN;
      if (value instanceof Opaque) return value.type;
      if (value instanceof Uint) return UINT;
      if (value instanceof Timestamp) return TIMESTAMP;
      if (value instanceof Duration) return DURATION;
      if (value instanceof TypeValue) return TYPE;
      if (value instanceof Optional) return OPTIONAL;
      return BYTES;
  }
}

/** Whether a value may be an argument of a declared type: what containers hold is judged by their first element, as upstream. */
export function isOfType(value: Value, type: CelType): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'any':
    case 'typeParam':
      return true;
    case 'list': {
      if (!(value instanceof CelList)) return false;
      return value.size === 0 || isOfType(value.at(0), type.parameters[0] ?? DYN);
    }
    case 'map': {
      if (!(value instanceof CelMap)) return false;
      for (const key of value.keys()) {
        const entry = value.find(key);
        return (
          isOfType(key, type.parameters[0] ?? DYN) &&
          (entry === undefined || isOfType(entry, type.parameters[1] ?? DYN))
        );
      }
      return true;
    }
    default:
      return typeOfValue(value).name === type.name;
  }
}
