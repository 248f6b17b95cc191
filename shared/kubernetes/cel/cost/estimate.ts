import type { Checked } from '../checker/checker';
import type { Call, Comprehension, Expr, Select } from '../syntax/ast';
import { type CelType, DYN, parameter } from '../types';
import { type Argument, estimateCall } from './call-estimates';
import { add, exactly, multiply, NOTHING, NOWHERE, type Range, UNKNOWN, union } from './range';
import { codePoints, LIST_CREATE, MAP_CREATE, STRUCT_CREATE } from './runtime';

/** How large a part of what is declared may be: a variable, then fields, `@items`, `@keys` and `@values`; `undefined`: it is not known. */
export type DeclaredSize = (path: readonly string[]) => number | undefined;

/** @returns the most that an expression may cost (cel-go's checker/cost.go). */
export function estimateCost(expr: Expr, checked: Checked, declared: DeclaredSize): number {
  return new Estimator(checked, declared).cost(expr).max;
}

/** What a list's elements, or a map's keys and values, are at most. */
interface EntrySizes {
  readonly isList: boolean;
  readonly key: Range;
  readonly value: Range;
}

interface Local {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entries: EntrySizes | undefined;
}

const ONE = exactly(1);
/** What macros gather their result in. */
const ACCUMULATORS = ['@result', '__result__'];
const SCALARS = ['bool', 'double', 'duration', 'int', 'timestamp', 'uint'];

class Estimator {
  readonly #checked: Checked;
  readonly #declared: DeclaredSize;
  readonly #paths = new Map<Expr, readonly string[]>();
  readonly #sizes = new Map<Expr, Range>();
  readonly #entries = new Map<Expr, EntrySizes>();
  readonly #locals = new Map<string, Local[]>();

  constructor(checked: Checked, declared: DeclaredSize) {
    this.#checked = checked;
    this.#declared = declared;
  }

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case 'literal':
        return NOTHING;
      case 'ident':
        this.#paths.set(expr, this.#local(expr.name)?.path ?? [expr.name]);
        return ONE;
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list': {
        const costs = expr.elements.map((element) => this.cost(element));
        this.#entries.set(expr, { isList: true, key: ONE, value: this.#widest(expr.elements) });
        return add(...costs, exactly(LIST_CREATE));
      }
      case 'map': {
        const costs = expr.entries.flatMap(({ key, value }) => [this.cost(key), this.cost(value)]);
        const key = this.#widest(expr.entries.map((entry) => entry.key));
        this.#entries.set(expr, { isList: false, key, value: this.#widest(expr.entries.map(({ value }) => value)) });
        return add(...costs, exactly(MAP_CREATE));
      }
      case 'struct':
        return add(...expr.fields.map(({ value }) => this.cost(value)), exactly(STRUCT_CREATE));
      case 'comprehension':
        return isBinding(expr) ? this.#binding(expr) : this.#comprehension(expr);
    }
  }

  #select(expr: Select): Range {
    const operand = this.cost(expr.operand);
    // Whether something is there is found out for nothing.
    if (expr.testOnly) return operand;
    this.#paths.set(expr, [...this.#path(expr.operand), expr.field]);
    const counts = ['map', 'struct', 'typeParam'].includes(this.#type(expr.operand).kind);
    return counts ? add(operand, ONE) : operand;
  }

  #call(expr: Call): Range {
    const { args, target } = expr;
    const [only] = args;
    const costs = args.map((arg) => this.cost(arg));
    if (expr.function === 'dyn' && only !== undefined) {
      this.#copy(expr, only);
      return add(ONE, ...costs);
    }
    const overloads = this.#checked.overloads.get(expr) ?? [];
    if (overloads.length === 0) return NOTHING;
    const known = args.map((arg) => this.#argument(arg));
    const targetCost = target === undefined ? NOTHING : this.cost(target);
    const on = target && this.#argument(target);
    let cost = NOWHERE;
    let size: Range | undefined;
    for (const { id } of overloads) {
      const estimate = estimateCall(expr.function, id, known, on, costs);
      cost = union(cost, estimate.cost);
      if (estimate.size !== undefined) size = size === undefined ? estimate.size : union(size, estimate.size);
      if (only !== undefined && (id === 'index_list' || id === 'index_map')) {
        size = this.#entriesOf(only)?.value;
        this.#paths.set(expr, [...this.#path(only), id === 'index_list' ? '@items' : '@values']);
      }
      if (id === 'conditional' || id.startsWith('add_')) this.#joinEntries(expr, args.slice(-2));
      size ??= this.#sizeOf(expr);
    }
    if (size !== undefined) this.#sizes.set(expr, size);
    return add(targetCost, cost);
  }

  #comprehension(expr: Comprehension): Range {
    const before = add(this.cost(expr.range), this.cost(expr.initial));
    const { variable, variable2, accumulator } = expr;
    this.#push(accumulator, this.#bound(expr.initial));
    const entries = this.#entriesOf(expr.range);
    const isList = entries?.isList ?? this.#type(expr.range).kind === 'list';
    const iterated = (isValue: boolean, below: string): Local => ({
      path: [...this.#path(expr.range), below],
      size: isValue ? entries?.value : entries?.key,
      entries: undefined,
    });
    if (variable2 === undefined) this.#push(variable, iterated(isList, isList ? '@items' : '@keys'));
    else {
      this.#push(variable, iterated(false, isList ? '@indices' : '@keys'));
      this.#push(variable2, iterated(true, isList ? '@items' : '@values'));
    }
    const turn = add(this.cost(expr.condition), this.cost(expr.step));
    this.#pop(variable);
    if (variable2 !== undefined) this.#pop(variable2);
    const result = this.cost(expr.result);
    this.#pop(accumulator);
    const turns = this.#sizeOf(expr.range) ?? UNKNOWN;
    if (expr.initial.kind === 'literal') this.#sizes.set(expr, this.#sizeOf(expr.initial) ?? UNKNOWN);
    else if (expr.initial.kind === 'list' || expr.initial.kind === 'map') {
      this.#sizes.set(expr, turns);
      const made = this.#entriesOf(expr.step);
      if (made !== undefined) this.#entries.set(expr, made);
    }
    return add(before, result, multiply(turns, turn));
  }

  #binding({ range, initial, accumulator, result, ...rest }: Comprehension): Range {
    const before = add(this.cost(range), this.cost(initial));
    this.#push(accumulator, this.#bound(initial));
    const cost = this.cost(result);
    this.#pop(accumulator);
    this.#copy({ range, initial, accumulator, result, ...rest }, result);
    return add(before, cost);
  }

  #bound(expr: Expr): Local {
    return { path: this.#path(expr), size: this.#sizeOf(expr), entries: this.#entriesOf(expr) };
  }

  #argument(expr: Expr): Argument {
    const type = this.#type(expr);
    const path = this.#rootedPath(expr);
    const element = this.#declaredSize(path.length === 0 ? path : [...path, '@items']) ?? UNKNOWN;
    return { expr, type, size: this.#sizeOf(expr) ?? UNKNOWN, element };
  }

  #sizeOf(expr: Expr): Range | undefined {
    const known = this.#sizes.get(expr) ?? literalSize(expr) ?? this.#declaredSize(this.#path(expr));
    if (known !== undefined) return known;
    if (isScalar(this.#type(expr))) return ONE;
    return expr.kind === 'ident' ? this.#local(expr.name)?.size : undefined;
  }

  #declaredSize(path: readonly string[]): Range | undefined {
    const max = path.length === 0 ? undefined : this.#declared(path);
    return max === undefined ? undefined : { min: 0, max };
  }

  #entriesOf(expr: Expr): EntrySizes | undefined {
    return this.#entries.get(expr) ?? (expr.kind === 'ident' ? this.#local(expr.name)?.entries : undefined);
  }

  #joinEntries(expr: Expr, [left, right]: readonly Expr[]): void {
    const a = left && this.#entriesOf(left);
    const b = right && this.#entriesOf(right);
    if (a === undefined || b === undefined) return;
    this.#entries.set(expr, { isList: a.isList, key: union(a.key, b.key), value: union(a.value, b.value) });
  }

  #copy(to: Expr, from: Expr): void {
    const size = this.#sizeOf(from);
    if (size !== undefined) this.#sizes.set(to, size);
    const entries = this.#entriesOf(from);
    if (entries !== undefined) this.#entries.set(to, entries);
  }

  #widest(parts: readonly Expr[]): Range {
    if (parts.length === 0) return NOTHING;
    return parts.reduce((range, part) => union(range, this.#sizeOf(part) ?? UNKNOWN), NOWHERE);
  }

  /** Nothing is declared of what a macro gathers. */
  #rootedPath(expr: Expr): readonly string[] {
    const path = this.#path(expr);
    return ACCUMULATORS.includes(path[0] ?? '') ? [] : path;
  }

  #path(expr: Expr): readonly string[] {
    const local = expr.kind === 'ident' ? this.#local(expr.name) : undefined;
    return local?.path ?? this.#paths.get(expr) ?? [];
  }

  #type(expr: Expr): CelType {
    return this.#checked.types.get(expr) ?? DYN;
  }

  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #push(name: string, local: Local): void {
    this.#locals.set(name, [...(this.#locals.get(name) ?? []), local]);
  }

  #pop(name: string): void {
    this.#locals.set(name, (this.#locals.get(name) ?? []).slice(0, -1));
  }
}

/** `cel.bind`: a fold over nothing. */
function isBinding({ range, condition, accumulator }: Comprehension): boolean {
  const isEmpty = range.kind === 'list' && range.elements.length === 0;
  return isEmpty && condition.kind === 'literal' && condition.value === false && accumulator !== '__result__';
}

function literalSize(expr: Expr): Range | undefined {
  if (expr.kind === 'list') return exactly(expr.elements.length);
  if (expr.kind === 'map') return exactly(expr.entries.length);
  if (expr.kind !== 'literal') return undefined;
  if (typeof expr.value === 'string') return exactly(codePoints(expr.value));
  return exactly(expr.value instanceof Uint8Array ? expr.value.length : 1);
}

function isScalar(type: CelType): boolean {
  if (type.kind === 'opaque' && type.name === 'optional_type') return isScalar(parameter(type));
  return SCALARS.includes(type.kind);
}
