import {
  AUTHORIZER,
  celTypes,
  compile,
  JSON_PATCH as JSON_PATCH_TYPE,
  OBJECT,
  RESOURCE_CHECK,
} from '../../../../../shared/kubernetes/cel';
import { NAMESPACE, REQUEST, requestTypes } from './types';

const { BOOL, DYN, NULL, STRING, isSame, listOf, mapOf, parameter, struct } = celTypes;
type CelType = celTypes.CelType;

/** A compiled expression. */
export type Program = Extract<ReturnType<typeof compile>, { program: unknown }>['program'];

export type Compiled = { readonly program: Program } | { readonly error: string };

/** What an expression may answer. */
export type ReturnTypes = readonly CelType[];
export const BOOLEAN: ReturnTypes = [BOOL];
export const TEXT: ReturnTypes = [STRING];
export const TEXT_OR_NULL: ReturnTypes = [STRING, NULL];
export const APPLY_CONFIGURATION: ReturnTypes = [OBJECT];
export const JSON_PATCH: ReturnTypes = [listOf(JSON_PATCH_TYPE)];

export interface ExpressionOptions {
  /** Whether it may read `params`. */
  readonly hasParams: boolean;
  /** Whether it may ask `authorizer`. */
  readonly hasAuthorizer: boolean;
  /** Whether it may make objects and patches. */
  readonly hasPatchTypes?: boolean;
  /** What it may read as `variables.NAME`; absent: there is no such thing. */
  readonly composed?: Composition | undefined;
}

const VARIABLES = 'kubernetes.variables';

/**
 * Compiles an expression of an admission policy or of a webhook's match condition
 * (k8s.io/apiserver/pkg/admission/plugin/cel/compile.go).
 * @param types what it may answer; one of them exactly.
 */
export function compileExpression(expression: string, options: ExpressionOptions, types: ReturnTypes): Compiled {
  const compiled = compileAny(expression, options);
  if ('error' in compiled) return compiled;
  const { type } = compiled.program;
  if (types.some((each) => isSame(each, type))) return compiled;
  const wanted = types.map(goName);
  const list = wanted.length === 1 ? wanted[0] : `one of [${wanted.join(' ')}]`;
  return { error: `must evaluate to ${list} but got ${goName(type)}` };
}

function compileAny(
  expression: string,
  { hasParams, hasAuthorizer, hasPatchTypes = false, composed }: ExpressionOptions,
): Compiled {
  const variables = new Map<string, CelType>([
    ['object', DYN],
    ['oldObject', DYN],
    ['namespaceObject', NAMESPACE],
    ['request', REQUEST],
  ]);
  if (hasParams) variables.set('params', DYN);
  if (hasAuthorizer) variables.set('authorizer', AUTHORIZER).set('authorizer.requestResource', RESOURCE_CHECK);
  if (composed !== undefined) variables.set('variables', struct(VARIABLES));
  const structs = composed === undefined ? requestTypes : new Map([...requestTypes, [VARIABLES, composed.types]]);
  const result = compile(expression, { variables, structs, hasPatchTypes });
  return 'errors' in result ? { error: `compilation failed: ${result.errors}` } : result;
}

/** A policy's variables: each may be read by those after it, and by all other expressions (cel/composition.go). */
export interface Composition {
  readonly types: ReadonlyMap<string, CelType>;
  readonly programs: ReadonlyMap<string, Compiled>;
  /** @returns what is wrong with it, if something is; it can be read all the same. */
  declare(name: string, expression: string, hasParams: boolean): { readonly error?: string };
}

export function composition(): Composition {
  const types = new Map<string, CelType>();
  const programs = new Map<string, Compiled>();
  const composed: Composition = {
    types,
    programs,
    declare(name, expression, hasParams) {
      const compiled = compileAny(expression, { hasParams, hasAuthorizer: true, composed });
      programs.set(name, compiled);
      types.set(name, 'error' in compiled ? DYN : declared(compiled.program.type));
      return 'error' in compiled ? compiled : {};
    },
  };
  return composed;
}

/** Which types a variable keeps for those who read it: what is neither simple nor a list or map of such is anything. */
function declared(type: CelType): CelType {
  switch (type.kind) {
    case 'list':
      return listOf(declared(parameter(type)));
    case 'map':
      return mapOf(declared(parameter(type)), declared(parameter(type, 1)));
    case 'opaque':
    case 'struct':
    case 'type':
    case 'typeParam':
      return DYN;
    default:
      return type;
  }
}

/** A type as Go's `String()` gives it. */
function goName({ name, parameters }: CelType): string {
  return parameters.length === 0 ? name : `${name}(${parameters.map(goName).join(', ')})`;
}
