import type { Call, Comprehension, Expr, List, Literal } from './ast';

/** A macro that was used in a way that it cannot be. */
export class MacroError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Rewrites a call. Answers `undefined` when it is a plain call after all.
 * @throws MacroError
 */
type Macro = (make: Maker, target: Expr, args: readonly Expr[]) => Expr | undefined;

/** Names that no expression can contain, so that they hide nothing. */
const ACCUMULATOR = '@result';
const RESERVED_VARIABLES = new Set([ACCUMULATOR, '__result__']);

/** Makes nodes that point to where the macro stands. */
class Maker {
  readonly offset: number;

  constructor(offset: number) {
    this.offset = offset;
  }

  literal(value: Literal['value']): Literal {
    return { kind: 'literal', offset: this.offset, value };
  }

  ident(name: string): Expr {
    return { kind: 'ident', offset: this.offset, name };
  }

  get accumulator(): Expr {
    return this.ident(ACCUMULATOR);
  }

  call(name: string, ...args: Expr[]): Call {
    return { kind: 'call', offset: this.offset, function: name, target: undefined, args };
  }

  member(name: string, target: Expr, ...args: Expr[]): Call {
    return { kind: 'call', offset: this.offset, function: name, target, args };
  }

  list(...elements: Expr[]): List {
    return { kind: 'list', offset: this.offset, elements, optional: new Set() };
  }

  fold(
    range: Expr,
    variables: readonly [string] | readonly [string, string],
    parts: Pick<Comprehension, 'initial' | 'step'> &
      Partial<Pick<Comprehension, 'accumulator' | 'condition' | 'result'>>,
  ): Comprehension {
    return {
      kind: 'comprehension',
      offset: this.offset,
      range,
      variable: variables[0],
      variable2: variables[1],
      accumulator: ACCUMULATOR,
      condition: this.literal(true),
      result: this.accumulator,
      ...parts,
    };
  }
}

const all = (make: Maker, predicate: Expr) => ({
  initial: make.literal(true),
  condition: make.call('@not_strictly_false', make.accumulator),
  step: make.call('_&&_', make.accumulator, predicate),
});

const exists = (make: Maker, predicate: Expr) => ({
  initial: make.literal(false),
  condition: make.call('@not_strictly_false', make.call('!_', make.accumulator)),
  step: make.call('_||_', make.accumulator, predicate),
});

const existsOne = (make: Maker, predicate: Expr) => ({
  initial: make.literal(0n),
  step: make.call('_?_:_', predicate, make.call('_+_', make.accumulator, make.literal(1n)), make.accumulator),
  result: make.call('_==_', make.accumulator, make.literal(1n)),
});

/** `predicate ? step : what there is`. */
const when = (make: Maker, predicate: Expr | undefined, step: Expr) =>
  predicate === undefined ? step : make.call('_?_:_', predicate, step, make.accumulator);

const append = (make: Maker, element: Expr) => make.call('_+_', make.accumulator, make.list(element));

type Quantifier = (make: Maker, predicate: Expr) => Pick<Comprehension, 'initial' | 'step'> & Partial<Comprehension>;

const quantify =
  (parts: Quantifier): Macro =>
  (make, target, [variable, predicate]) =>
    predicate === undefined
      ? undefined
      : make.fold(target, [iteration(variable, 'argument must be a simple name')], parts(make, predicate));

const quantify2 =
  (parts: Quantifier): Macro =>
  (make, target, [first, second, predicate]) =>
    predicate === undefined ? undefined : make.fold(target, pair(first, second), parts(make, predicate));

const mapMacro: Macro = (make, target, args) => {
  const [variable, second, third] = args;
  const transform = third ?? second;
  if (transform === undefined) return undefined;
  return make.fold(target, [iteration(variable, 'argument is not an identifier')], {
    initial: make.list(),
    step: when(make, third === undefined ? undefined : second, append(make, transform)),
  });
};

const filterMacro: Macro = (make, target, [variable, predicate]) => {
  if (variable === undefined || predicate === undefined) return undefined;
  return make.fold(target, [iteration(variable, 'argument is not an identifier')], {
    initial: make.list(),
    step: when(make, predicate, append(make, variable)),
  });
};

const transformList: Macro = (make, target, args) => {
  const [first, second, third, fourth] = args;
  const transform = fourth ?? third;
  if (transform === undefined) return undefined;
  return make.fold(target, pair(first, second), {
    initial: make.list(),
    step: when(make, fourth === undefined ? undefined : third, append(make, transform)),
  });
};

const emptyMap = (make: Maker): Expr => ({ kind: 'map', offset: make.offset, entries: [] });

const transformMap: Macro = (make, target, args) => {
  const [first, second, third, fourth] = args;
  const transform = fourth ?? third;
  if (first === undefined || transform === undefined) return undefined;
  return make.fold(target, pair(first, second), {
    initial: emptyMap(make),
    step: when(
      make,
      fourth === undefined ? undefined : third,
      make.call('cel.@mapInsert', make.accumulator, first, transform),
    ),
  });
};

const transformMapEntry: Macro = (make, target, args) => {
  const [first, second, third, fourth] = args;
  const transform = fourth ?? third;
  if (transform === undefined) return undefined;
  return make.fold(target, pair(first, second), {
    initial: emptyMap(make),
    step: when(
      make,
      fourth === undefined ? undefined : third,
      make.call('cel.@mapInsert', make.accumulator, transform),
    ),
  });
};

/** `target.optMap(x, f)`: the value is bound by a fold over nothing, whose initial value it is. */
const optional =
  (name: string, wrap: boolean): Macro =>
  (make, target, [variable, transform]) => {
    if (variable?.kind !== 'ident') {
      throw new MacroError(`${name}() variable name must be a simple identifier`, variable?.offset ?? make.offset);
    }
    if (transform === undefined) return undefined;
    const bound = make.fold(make.list(), ['#unused'], {
      accumulator: variable.name,
      initial: make.member('value', target),
      condition: make.literal(false),
      step: make.ident(variable.name),
      result: transform,
    });
    const present = wrap ? make.call('optional.of', bound) : bound;
    return make.call('_?_:_', make.member('hasValue', target), present, make.call('optional.none'));
  };

const SORTED = '@__sortBy_input__';

/** `list.sortBy(e, key)`: the list is bound, then sorted by the keys of its elements. */
const sortBy: Macro = (make, target, args) => {
  if (target.kind === 'literal' || target.kind === 'map' || target.kind === 'struct') {
    const kinds = 'a list, identifier, comprehension, call or select expression';
    throw new MacroError(`sortBy can only be applied to ${kinds}`, target.offset);
  }
  const keys = mapMacro(make, make.ident(SORTED), args);
  if (keys === undefined) return undefined;
  return make.fold(make.list(), ['#unused'], {
    accumulator: SORTED,
    initial: target,
    condition: make.literal(false),
    step: make.ident(SORTED),
    result: make.member('@sortByAssociatedKeys', make.ident(SORTED), keys),
  });
};

/** By name and number of arguments: cel-go's standard macros, those of optionals and lists, and two-variable comprehensions. */
const MACROS = new Map<string, Macro>([
  ['all/2', quantify(all)],
  ['exists/2', quantify(exists)],
  ['exists_one/2', quantify(existsOne)],
  ['existsOne/2', quantify(existsOne)],
  ['map/2', mapMacro],
  ['map/3', mapMacro],
  ['filter/2', filterMacro],
  ['all/3', quantify2(all)],
  ['exists/3', quantify2(exists)],
  ['exists_one/3', quantify2(existsOne)],
  ['existsOne/3', quantify2(existsOne)],
  ['transformList/3', transformList],
  ['transformList/4', transformList],
  ['transformMap/3', transformMap],
  ['transformMap/4', transformMap],
  ['transformMapEntry/3', transformMapEntry],
  ['transformMapEntry/4', transformMapEntry],
  ['sortBy/2', sortBy],
  ['optMap/2', optional('optMap', true)],
  ['optFlatMap/2', optional('optFlatMap', false)],
]);

/**
 * The call, or what the macro of its name makes of it.
 * @throws MacroError
 */
export function expandMacros(call: Call): Expr {
  const { function: name, target, args, offset } = call;
  if (target === undefined) {
    return name === 'has' && args.length === 1 ? presenceTest(args[0], offset) : call;
  }
  const macro = MACROS.get(`${name}/${args.length}`);
  return macro?.(new Maker(offset), target, args) ?? call;
}

function presenceTest(argument: Expr | undefined, offset: number): Expr {
  if (argument?.kind !== 'select') {
    throw new MacroError('invalid argument to has() macro', argument?.offset ?? offset);
  }
  return { ...argument, offset, testOnly: true };
}

function iteration(expression: Expr | undefined, refusal: string): string {
  if (expression?.kind !== 'ident') throw new MacroError(refusal, expression?.offset ?? 0);
  if (RESERVED_VARIABLES.has(expression.name)) {
    throw new MacroError('iteration variable overwrites accumulator variable', expression.offset);
  }
  return expression.name;
}

function pair(first: Expr | undefined, second: Expr | undefined): readonly [string, string] {
  const one = iteration(first, 'argument must be a simple name');
  const two = iteration(second, 'argument must be a simple name');
  if (one === two) throw new MacroError(`duplicate variable name: ${one}`, second?.offset ?? 0);
  return [one, two];
}
