import { check, type Declarations } from './checker/checker';
import { literalIssues } from './checker/literals';
import { type DeclaredSize, estimateCost } from './cost/estimate';
import { PER_CALL_LIMIT } from './cost/runtime';
import { functionTable } from './functions';
import { type Bindings, Frame } from './interpreter/frame';
import { plan } from './interpreter/planner';
import { libraries } from './library';
import { checkPatchFields, fieldsOfPatchType, patchFunctions } from './mutation/patch-types';
import { formatIssues, type Issue } from './source';
import { parse } from './syntax/parser';
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  isSame,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  struct,
  TIMESTAMP,
  TYPE,
  typeOf,
  UINT,
} from './types';
import { TypeValue, type Value } from './values/value';

/** The fields of struct types, by the types' names. */
export type StructTypes = ReadonlyMap<string, ReadonlyMap<string, CelType>>;

export interface CompileOptions {
  readonly variables?: ReadonlyMap<string, CelType>;
  readonly structs?: StructTypes;
  /** Whether it may make `Object{…}` and `JSONPatch{…}`, and call `jsonpatch.escapeKey`. */
  readonly hasPatchTypes?: boolean;
}

export interface Evaluation {
  readonly value: Value;
  /** In upstream's units: about one for each step. */
  readonly cost: number;
}

export interface Program {
  readonly type: CelType;
  /**
   * @param limit of the cost; beyond it the evaluation is stopped.
   * @throws EvaluationError with upstream's text.
   * @throws CostLimitExceeded
   */
  evaluate(bindings: Bindings, limit?: number): Evaluation;
  /** @returns the most that an evaluation may cost, given how large what it reads may be. */
  estimate(declared: DeclaredSize): number;
}

let functions: Declarations['functions'] | undefined;
let functionsWithPatches: Declarations['functions'] | undefined;

function functionsFor(hasPatchTypes: boolean): Declarations['functions'] {
  functions ??= functionTable(libraries);
  if (!hasPatchTypes) return functions;
  functionsWithPatches ??= functionTable([...functions.values(), ...patchFunctions]);
  return functionsWithPatches;
}

/** Types that may be named as values. */
const TYPE_VALUES = new Map<string, CelType>(
  [
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    INT,
    listOf(DYN),
    mapOf(DYN, DYN),
    NULL,
    optionalOf(DYN),
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
  ].map((type) => [type.name, type]),
);

/**
 * Parses and checks an expression.
 * @returns the program, or the text of all that is wrong with it, as kube-apiserver prints it.
 */
export function compile(
  expression: string,
  { variables = new Map(), structs = new Map(), hasPatchTypes = false }: CompileOptions = {},
): { readonly program: Program } | { readonly errors: string; readonly issues: readonly Issue[] } {
  const failed = (issues: readonly Issue[]) => ({ errors: formatIssues(expression, issues), issues });
  const parsed = parse(expression);
  if ('issues' in parsed) return failed(parsed.issues);
  const callable = functionsFor(hasPatchTypes);
  const fieldsOf = (type: string) => structs.get(type) ?? (hasPatchTypes ? fieldsOfPatchType(type) : undefined);
  const typeNamed = (name: string) => TYPE_VALUES.get(name) ?? (fieldsOf(name) && struct(name));
  const declarations: Declarations = {
    functions: callable,
    variable(name) {
      const type = variables.get(name);
      if (type !== undefined) return type;
      const named = typeNamed(name);
      return named && typeOf(named);
    },
    fieldsOf,
  };
  const { expr } = parsed;
  const { checked, issues } = check(expr, declarations);
  if (issues.length > 0) return failed(issues);
  const invalid = literalIssues(expr, checked);
  if (invalid.length > 0) return failed(invalid);
  const step = plan(expr, checked, {
    functions: callable,
    typeValue(name) {
      const type = typeNamed(name);
      return type && new TypeValue(type);
    },
    ...(hasPatchTypes ? { checkFields: checkPatchFields } : {}),
  });
  const program: Program = {
    type: checked.types.get(expr) ?? DYN,
    evaluate(bindings, limit = PER_CALL_LIMIT) {
      const frame = new Frame(bindings, limit);
      const value = step(frame);
      return { value, cost: frame.cost };
    },
    estimate: (declared) => estimateCost(expr, checked, declared),
  };
  return { program };
}

/** Whether a program answers one of the types, or may. */
export function answers(program: Program, ...types: readonly CelType[]): boolean {
  return program.type.kind === 'dyn' || types.some((type) => isSame(type, program.type));
}

/** Bindings from a table. */
export function bindingsOf(values: Readonly<Record<string, Value>>): Bindings {
  return { find: (name) => (Object.hasOwn(values, name) ? values[name] : undefined) };
}
