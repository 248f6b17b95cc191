import { equals } from './equality';
import { valueText } from './text';
import { CelList, CelMap, EvaluationError, Uint, type Value } from './value';

/** A list made by an expression. */
export class ValueList extends CelList {
  readonly values: readonly Value[];

  constructor(values: readonly Value[]) {
    super();
    this.values = values;
  }

  get size(): number {
    return this.values.length;
  }

  at(index: number): Value {
    return this.values[index] ?? null;
  }

  override [Symbol.iterator](): Iterator<Value> {
    return this.values[Symbol.iterator]();
  }
}

/** The list that a fold collects into: nobody else sees it, so it may grow in place. */
export class GrowingList extends ValueList {
  declare readonly values: Value[];

  constructor() {
    super([]);
  }
}

/** Keys that are equal to each other have the same text: `1`, `1u` and `1.0` are one key. */
function keyText(key: Value): string | undefined {
  switch (typeof key) {
    case 'string':
      return `s${key}`;
    case 'boolean':
      return `b${key}`;
    case 'bigint':
      return `n${key}`;
    case 'number':
      return Number.isInteger(key) ? `n${BigInt(key)}` : undefined;
    default:
      return key instanceof Uint ? `n${key.value}` : undefined;
  }
}

/** A map made by an expression. */
export class ValueMap extends CelMap {
  readonly #entries = new Map<string, readonly [Value, Value]>();

  /**
   * @param growing: only while a literal or fold makes it.
   * @throws EvaluationError when the key is no string, number or boolean, or is there already.
   */
  insert(key: Value, value: Value): this {
    const text = keyText(key);
    if (text === undefined || (typeof key === 'number' && !Number.isInteger(key))) {
      throw new EvaluationError('unsupported key type');
    }
    if (this.#entries.has(text)) throw new EvaluationError(`insert failed: key ${valueText(key)} already exists`);
    this.#entries.set(text, [key, value]);
    return this;
  }

  /** As a map literal does: the last of equal keys stays. */
  set(key: Value, value: Value): this {
    const text = keyText(key);
    if (text === undefined) throw new EvaluationError('unsupported key type');
    this.#entries.set(text, [key, value]);
    return this;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: Value): Value | undefined {
    const text = keyText(key);
    return text === undefined ? undefined : this.#entries.get(text)?.[1];
  }

  *keys(): Iterable<Value> {
    for (const [key] of this.#entries.values()) yield key;
  }
}

/** The list with the other behind it. */
export function concat(left: CelList, right: CelList): CelList {
  if (left instanceof GrowingList) {
    left.values.push(...right);
    return left;
  }
  return left.concat(right) ?? new ValueList([...left, ...right]);
}

export function contains(list: CelList, element: Value): boolean {
  for (const one of list) if (equals(one, element)) return true;
  return false;
}
