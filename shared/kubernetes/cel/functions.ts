import type { CelType } from './types';
import type { Value } from './values/value';

/** One signature of a function. */
export interface Overload {
  /** Upstream's name of the signature: costs are told by it. */
  readonly id: string;
  /** Called as `params[0].name(...)`. */
  readonly member: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType;
  /** The arguments fit the parameters' types. */
  readonly call: (args: readonly Value[]) => Value;
}

export interface CelFunction {
  readonly name: string;
  readonly overloads: readonly Overload[];
  /** Of operators and others that look at their arguments themselves, whichever overload was meant. */
  readonly any?: (args: readonly Value[]) => Value;
}

/** The TypeScript types of values, by the names of the types that they are declared with. */
type Implementation<A extends readonly (Value | undefined)[]> = (...args: A) => Value;

function declare<A extends readonly (Value | undefined)[]>(
  member: boolean,
  id: string,
  params: readonly CelType[],
  result: CelType,
  call: Implementation<A>,
): Overload {
  // The interpreter matches arguments with `params` before each call; the implementation's parameters say the same.
  return { id, member, params, result, call: (args) => call(...(args as unknown as A)) };
}

/** A signature called as `name(...)`. The implementation's parameters must be what `params` says. */
export function overload<A extends readonly (Value | undefined)[]>(
  id: string,
  params: readonly CelType[],
  result: CelType,
  call: Implementation<A>,
): Overload {
  return declare(false, id, params, result, call);
}

/** A signature called as `first.name(...)`. The implementation's parameters must be what `params` says. */
export function member<A extends readonly (Value | undefined)[]>(
  id: string,
  params: readonly CelType[],
  result: CelType,
  call: Implementation<A>,
): Overload {
  return declare(true, id, params, result, call);
}

/** All functions of the libraries by name; overloads of the same name add up. */
export function functionTable(functions: Iterable<CelFunction>): ReadonlyMap<string, CelFunction> {
  const table = new Map<string, CelFunction>();
  for (const one of functions) {
    const known = table.get(one.name);
    table.set(
      one.name,
      known === undefined ? one : { ...known, ...one, overloads: [...known.overloads, ...one.overloads] },
    );
  }
  return table;
}
