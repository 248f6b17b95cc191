import type { Checked } from '../checker/checker';
import { callCost, LIST_CREATE, MAP_CREATE, STRUCT_CREATE } from '../cost/runtime';
import type { CelFunction, Overload } from '../functions';
import type { Call, Comprehension, Expr, List, MapLiteral, Select, Struct } from '../syntax/ast';
import type { CelType } from '../types';
import { GrowingList, ValueList, ValueMap } from '../values/collections';
import { StructValue } from '../values/struct-value';
import { valueText } from '../values/text';
import {
  CelList,
  CelMap,
  EvaluationError,
  isOfType,
  Optional,
  type TypeValue,
  typeOfValue,
  type Value,
} from '../values/value';
import { access, accessOptional, isPresent } from './access';
import type { Step } from './frame';
import { conditional, logical, notStrictlyFalse } from './logic';

/** What planning knows besides the expression. */
export interface Environment {
  readonly functions: ReadonlyMap<string, CelFunction>;
  /** A type that an expression may name. */
  typeValue(name: string): TypeValue | undefined;
  /** Refuses the fields of a struct before it is made of them. @throws EvaluationError */
  readonly checkFields?: (type: CelType, fields: ReadonlyMap<string, Value>) => void;
}

/** Conversions of constants are made while planning (cel-go's `OptOptimize`). */
const CONVERSIONS = new Set(['bytes', 'double', 'duration', 'int', 'string', 'timestamp', 'uint']);

/** Makes a checked expression ready to be evaluated, again and again (cel-go's `interpreter.Planner`). */
export function plan(expr: Expr, checked: Checked, environment: Environment): Step {
  return new Planner(checked, environment).plan(expr);
}

class Planner {
  readonly #checked: Checked;
  readonly #environment: Environment;
  readonly #planned = new Map<Expr, Step>();
  /** The variables of the folds around, innermost last: names and where their values are. */
  readonly #scope: { readonly name: string; readonly slot: number }[] = [];
  #slots = 0;

  constructor(checked: Checked, environment: Environment) {
    this.#checked = checked;
    this.#environment = environment;
  }

  plan(expr: Expr): Step {
    const known = this.#planned.get(expr);
    if (known !== undefined) return known;
    const step = this.#step(expr);
    this.#planned.set(expr, step);
    return step;
  }

  #step(expr: Expr): Step {
    switch (expr.kind) {
      case 'literal': {
        const { value } = expr;
        return () => value;
      }
      case 'ident':
        return this.#variable(this.#checked.names.get(expr) ?? expr.name);
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return this.#struct(expr);
      case 'comprehension':
        return this.#fold(expr);
    }
  }

  #variable(name: string): Step {
    const local = this.#scope.findLast((one) => one.name === name);
    if (local !== undefined) {
      const { slot } = local;
      return (frame) => {
        frame.charge(1);
        const value = frame.slots[slot];
        if (value instanceof EvaluationError) throw value;
        return value ?? null;
      };
    }
    const type = this.#environment.typeValue(name);
    return (frame) => {
      frame.charge(1);
      const found = frame.bindings.find(name);
      const value = found === undefined ? type : found;
      if (value === undefined) throw new EvaluationError(`no such attribute(s): ${name}`);
      return value;
    };
  }

  #select(expr: Select): Step {
    const name = this.#checked.names.get(expr);
    if (name !== undefined) return this.#variable(name);
    const operand = this.plan(expr.operand);
    const { field } = expr;
    if (expr.testOnly) return (frame) => isPresent(operand(frame), field);
    const cost = isAttribute(expr.operand) ? 1 : 2;
    return (frame) => {
      const value = operand(frame);
      frame.charge(cost);
      return access(value, field);
    };
  }

  #call(expr: Call): Step {
    const name = this.#checked.names.get(expr) ?? expr.function;
    const isQualified = this.#checked.names.has(expr);
    const nodes = expr.target === undefined || isQualified ? expr.args : [expr.target, ...expr.args];
    const steps = nodes.map((node) => this.plan(node));
    const [first = nothing, second = nothing, third = nothing] = steps;
    switch (name) {
      case '_&&_':
        return logical(first, second, false);
      case '_||_':
        return logical(first, second, true);
      case '_?_:_':
        return conditional(first, second, third);
      case '@not_strictly_false': {
        const goesOn = notStrictlyFalse(first);
        return (frame) => {
          const result = goesOn(frame);
          frame.charge(1);
          return result;
        };
      }
      case '_[_]':
        return this.#index(first, second, access, nodes[0]);
      case '_[?_]':
      case '_?._':
        return this.#index(first, second, accessOptional, nodes[0]);
      case 'or':
      case 'orValue':
        if (steps.length === 2) return orElse(first, second, name === 'orValue');
    }
    return this.#function(name, this.#checked.overloads.get(expr) ?? [], nodes, steps);
  }

  #index(operand: Step, key: Step, read: (operand: Value, key: Value) => Value, node: Expr | undefined): Step {
    const cost = node !== undefined && isAttribute(node) ? 1 : 2;
    return (frame) => {
      const value = operand(frame);
      const index = key(frame);
      frame.charge(cost);
      return read(value, index);
    };
  }

  #function(name: string, overloads: readonly Overload[], nodes: readonly Expr[], steps: readonly Step[]): Step {
    const call = implementation(name, this.#environment.functions.get(name), overloads);
    const id = overloads.length === 1 ? (overloads[0]?.id ?? '') : '';
    const [argument] = nodes;
    if (CONVERSIONS.has(name) && argument?.kind === 'literal') return constant(() => call([argument.value]));
    // Looking something up among constants is one step, however many there are.
    const isLookUp = name === '@in' && nodes[1] !== undefined && isConstantList(nodes[1]);
    return (frame) => {
      const args = steps.map((step) => step(frame));
      const result = call(args);
      if (!isLookUp) frame.charge(callCost(name, id, args, result));
      return result;
    };
  }

  #list(expr: List): Step {
    const steps = expr.elements.map((element) => this.plan(element));
    if (isConstantList(expr)) {
      const list = new ValueList(expr.elements.map((element) => (element.kind === 'literal' ? element.value : null)));
      return () => list;
    }
    const { optional } = expr;
    return (frame) => {
      const values: Value[] = [];
      for (const [index, step] of steps.entries()) {
        const value = step(frame);
        if (!optional.has(index)) values.push(value);
        else if (!(value instanceof Optional)) {
          throw new EvaluationError(
            `cannot initialize optional list element from non-optional value ${valueText(value)}`,
          );
        } else if (value.value !== undefined) values.push(value.value);
      }
      frame.charge(LIST_CREATE);
      return new ValueList(values);
    };
  }

  #map(expr: MapLiteral): Step {
    const entries = expr.entries.map((entry) => ({
      key: this.plan(entry.key),
      value: this.plan(entry.value),
      optional: entry.optional,
    }));
    const isConstant = expr.entries.every(({ key, value }) => key.kind === 'literal' && value.kind === 'literal');
    return (frame) => {
      const map = new ValueMap();
      for (const entry of entries) {
        const key = entry.key(frame);
        const value = present(key, entry.value(frame), entry.optional);
        if (value !== undefined) map.set(key, value);
      }
      if (!isConstant) frame.charge(MAP_CREATE);
      return map;
    };
  }

  #struct(expr: Struct): Step {
    const type = this.#checked.types.get(expr) ?? typeOfValue(null);
    const { checkFields } = this.#environment;
    const fields = expr.fields.map(({ name, value, optional }) => ({ name, value: this.plan(value), optional }));
    return (frame) => {
      const values = new Map<string, Value>();
      for (const { name, value: step, optional } of fields) {
        const value = present(name, step(frame), optional);
        if (value !== undefined) values.set(name, value);
      }
      frame.charge(STRUCT_CREATE);
      checkFields?.(type, values);
      return new StructValue(type, values);
    };
  }

  #fold(expr: Comprehension): Step {
    const range = this.plan(expr.range);
    const initial = this.plan(expr.initial);
    const collects = expr.initial.kind === 'list' && expr.initial.elements.length === 0;
    const slots = { accumulator: this.#slots++, first: this.#slots++, second: this.#slots++ };
    this.#scope.push({ name: expr.accumulator, slot: slots.accumulator });
    this.#scope.push({ name: expr.variable, slot: slots.first });
    if (expr.variable2 !== undefined) this.#scope.push({ name: expr.variable2, slot: slots.second });
    const goesOn = this.plan(expr.condition);
    const next = this.plan(expr.step);
    this.#scope.pop();
    if (expr.variable2 !== undefined) this.#scope.pop();
    const result = this.plan(expr.result);
    this.#scope.pop();
    const two = expr.variable2 !== undefined;
    return (frame) => {
      const over = range(frame);
      frame.slots[slots.accumulator] = attempt(() => (collects ? new GrowingList() : initial(frame)));
      for (const [first, second] of items(over, two)) {
        frame.slots[slots.first] = first;
        frame.slots[slots.second] = second;
        if (goesOn(frame) === false) break;
        frame.slots[slots.accumulator] = attempt(() => next(frame));
      }
      const value = result(frame);
      return value instanceof GrowingList ? new ValueList(value.values) : value;
    };
  }
}

/** What a fold goes over: elements or keys, or with two variables indices and elements or keys and values. */
function* items(range: Value, two: boolean): Iterable<readonly [Value, Value]> {
  if (range instanceof CelList) {
    for (let index = 0; index < range.size; index++) {
      yield two ? [BigInt(index), range.at(index)] : [range.at(index), null];
    }
    return;
  }
  if (!(range instanceof CelMap)) throw new EvaluationError('no such overload');
  for (const key of range.keys()) yield [key, two ? (range.find(key) ?? null) : null];
}

/** Errors are kept where a fold collects: a later element may make them not matter. */
function attempt(evaluate: () => Value): Value | EvaluationError {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
}

function implementation(
  name: string,
  declared: CelFunction | undefined,
  overloads: readonly Overload[],
): (args: readonly Value[]) => Value {
  if (declared?.any !== undefined) return declared.any;
  return (args) => {
    for (const { params, call } of overloads) {
      if (params.length === args.length && params.every((param, index) => isOfType(args[index] ?? null, param))) {
        return call(args);
      }
    }
    const types = args.map((arg) => typeOfValue(arg).name).join(', ');
    throw new EvaluationError(`no such overload: ${name}(${types})`);
  };
}

/** Evaluated once; what goes wrong goes wrong at each evaluation, not while planning. */
function constant(evaluate: () => Value): Step {
  const value = attempt(evaluate);
  return () => {
    if (value instanceof EvaluationError) throw value;
    return value;
  };
}

function orElse(left: Step, right: Step, unwrap: boolean): Step {
  return (frame) => {
    const value = left(frame);
    if (!(value instanceof Optional)) throw new EvaluationError('no such overload');
    if (value.value === undefined) return right(frame);
    return unwrap ? value.value : value;
  };
}

/** The value of an entry, unwrapped when it is optional; `undefined` when there is none. */
function present(key: Value, value: Value, optional: boolean): Value | undefined {
  if (!optional) return value;
  if (value instanceof Optional) return value.value;
  throw new EvaluationError(
    `cannot initialize optional entry '${valueText(key)}' from non-optional value ${valueText(value)}`,
  );
}

const nothing: Step = () => null;

function isAttribute(expr: Expr): boolean {
  return expr.kind === 'ident' || expr.kind === 'select' || (expr.kind === 'call' && /^_(\[|\?\.)/.test(expr.function));
}

function isConstantList(expr: Expr): boolean {
  return expr.kind === 'list' && expr.optional.size === 0 && expr.elements.every(({ kind }) => kind === 'literal');
}
