import type { CelType } from '../types';
import { CelMap, type Value } from './value';

/** An object that an expression made, or one that is handed to it with its fields ready: `Object{spec: …}`. */
export class StructValue extends CelMap {
  override readonly type: CelType;
  readonly fields: ReadonlyMap<string, Value>;

  constructor(type: CelType, fields: ReadonlyMap<string, Value>) {
    super();
    this.type = type;
    this.fields = fields;
  }

  get size(): number {
    return this.fields.size;
  }

  find(key: Value): Value | undefined {
    return typeof key === 'string' ? this.fields.get(key) : undefined;
  }

  keys(): Iterable<Value> {
    return this.fields.keys();
  }
}

/** Fields of which each is made when it is first read. */
export class LazyMap extends CelMap {
  readonly #names: readonly string[];
  readonly #make: (name: string) => Value;
  readonly #values = new Map<string, Value>();

  /** @param make may throw an EvaluationError, then and every time that the field is read. */
  constructor(names: readonly string[], make: (name: string) => Value) {
    super();
    this.#names = names;
    this.#make = make;
  }

  get size(): number {
    return this.#names.length;
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string' || !this.#names.includes(key)) return undefined;
    let value = this.#values.get(key);
    if (value === undefined) {
      value = this.#make(key);
      this.#values.set(key, value);
    }
    return value;
  }

  keys(): Iterable<Value> {
    return this.#names;
  }
}
