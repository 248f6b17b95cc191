import {
  celTypes,
  compile,
  PER_CALL_LIMIT,
  type Schema,
  schemaSizes,
  schemaType,
  type Value,
} from '../../../../../shared/kubernetes/cel';
import type { JsonSchema, ValidationRule } from '../../../../../shared/kubernetes/json-schema';
import { FieldPathError, resolveFieldPath } from '../definition/field-path';
import { itemsOf, valuesOf } from '../schema/json-schema';

/** What an expression may read: the value, and what it was. */
export interface RuleBindings {
  readonly self: Value;
  readonly oldSelf?: Value;
}

export type Evaluate = (bindings: RuleBindings) => { readonly value: Value; readonly cost: number };

/** A rule of a schema, ready to be asked (apiextensions' apiserver/schema/cel/compilation.go). */
export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Absent when the rule is empty or does not compile. */
  readonly evaluate?: Evaluate;
  /** Why it does not compile. */
  readonly error?: string;
  readonly usesOldSelf: boolean;
  readonly message?: Evaluate;
  readonly messageError?: string;
  /** What asking the rule may cost at most, and working out its message. */
  readonly cost: number;
  readonly messageCost: number;
  /** How many such values there can be in one request. */
  readonly cardinality: number;
  /** Below the value, where the error belongs; empty: at the value. */
  readonly fieldPath: string;
}

const compiled = new WeakMap<JsonSchema, readonly CompiledRule[] | undefined>();
const ruled = new WeakMap<JsonSchema, boolean>();

/** Whether a schema has rules anywhere, so that objects of all others need not be walked. */
export function hasRules(schema: JsonSchema | undefined): boolean {
  if (schema === undefined) return false;
  let known = ruled.get(schema);
  if (known === undefined) {
    known =
      (schema['x-kubernetes-validations'] ?? []).length > 0 ||
      hasRules(itemsOf(schema)) ||
      hasRules(valuesOf(schema)) ||
      Object.values(schema.properties ?? {}).some(hasRules);
    ruled.set(schema, known);
  }
  return known;
}

/**
 * The rules of a schema itself, in order; each is compiled once.
 * @param isResource whether whole resources are of this schema.
 * @returns `undefined` when expressions cannot see values of this schema.
 */
export function compileRules(schema: JsonSchema, isResource: boolean): readonly CompiledRule[] | undefined {
  if (!compiled.has(schema)) compiled.set(schema, makeRules(schema, isResource));
  return compiled.get(schema);
}

/** A schema as expressions know it: what is stored has no lists of items. */
export function expressionSchema(schema: JsonSchema, isResource: boolean): Schema {
  const known = schema as Schema;
  return isResource ? { ...known, 'x-kubernetes-embedded-resource': true } : known;
}

function makeRules(schema: JsonSchema, isResource: boolean): CompiledRule[] | undefined {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return [];
  const made = schemaType(expressionSchema(schema, isResource), 'selfType', isResource);
  if (made === undefined) return undefined;
  const { type, structs } = made;
  const sizes = schemaSizes(expressionSchema(schema, isResource), isResource);
  if (sizes === undefined) return undefined;
  return rules.map((rule) => compileRule(rule, schema, type, structs, sizes));
}

function compileRule(
  rule: ValidationRule,
  schema: JsonSchema,
  type: celTypes.CelType,
  structs: ReadonlyMap<string, ReadonlyMap<string, celTypes.CelType>>,
  { declared, cardinality }: NonNullable<ReturnType<typeof schemaSizes>>,
): CompiledRule {
  const fieldPath = normalized(rule.fieldPath, schema);
  const nothing = { rule, usesOldSelf: false, fieldPath, cost: 0, messageCost: 0, cardinality };
  if (rule.rule.trim() === '') return nothing;
  const oldSelf = rule.optionalOldSelf === true ? celTypes.optionalOf(type) : type;
  const variables = new Map([
    ['self', type],
    ['oldSelf', oldSelf],
  ]);
  const result = compile(rule.rule, { variables, structs });
  if ('errors' in result) return { ...nothing, error: `compilation failed: ${result.errors}` };
  if (!celTypes.isSame(result.program.type, celTypes.BOOL)) {
    return { ...nothing, error: 'cel expression must evaluate to a bool' };
  }
  // Whoever does without the old value compiles without it.
  const alone = new Map([['self', type]]);
  const usesOldSelf = rule.rule.includes('oldSelf') && 'errors' in compile(rule.rule, { variables: alone, structs });
  const cost = result.program.estimate(declared);
  const whole = { ...nothing, evaluate: evaluator(result.program), usesOldSelf, cost };
  if (!rule.messageExpression) return whole;
  const message = compile(rule.messageExpression, { variables, structs });
  if ('errors' in message) {
    return { ...whole, messageError: `messageExpression compilation failed: ${message.errors}` };
  }
  if (!celTypes.isSame(message.program.type, celTypes.STRING)) {
    return { ...whole, messageError: 'messageExpression must evaluate to a string' };
  }
  return { ...whole, message: evaluator(message.program), messageCost: message.program.estimate(declared) };
}

type Program = Extract<ReturnType<typeof compile>, { program: unknown }>['program'];

function evaluator(program: Program): Evaluate {
  return (bindings) =>
    program.evaluate(
      { find: (name) => (name === 'self' ? bindings.self : name === 'oldSelf' ? bindings.oldSelf : undefined) },
      PER_CALL_LIMIT,
    );
}

function normalized(path: string | undefined, schema: JsonSchema): string {
  if (!path) return '';
  try {
    return resolveFieldPath(path, schema).path;
  } catch (error) {
    if (error instanceof FieldPathError) return '';
    throw error;
  }
}
