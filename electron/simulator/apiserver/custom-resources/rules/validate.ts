import {
  CostLimitExceeded,
  EvaluationError,
  escapeProperty,
  Optional,
  schemaType,
  typedValue,
  type Value,
} from '../../../../../shared/kubernetes/cel';
import type { JsonSchema, ValidationRule } from '../../../../../shared/kubernetes/json-schema';
import { isRecord } from '../../json';
import { type FieldError, forbidden, required } from '../../validation/field-error';
import { itemsOf, propertyOf, valuesOf } from '../schema/json-schema';
import { type Correlation, sameItem } from '../values/correlation';
import { duplicateValue, fieldPath, invalidValue, invalidWithoutValue } from '../values/field-errors';
import {
  type CompiledRule,
  compileRules,
  type Evaluate,
  expressionSchema,
  hasRules,
  type RuleBindings,
} from './compile';

/** What all rules may cost that one write asks (k8s.io/apiserver/pkg/apis/cel/config.go RuntimeCELCostBudget). */
const BUDGET = 10_000_000;
/** The longest message that an expression may make, in bytes. */
const LONGEST_MESSAGE = 5 * 1024;

/** Which part of an update a rule is about: rules that fail for what has not changed are only told of. */
interface Ratchet {
  readonly current?: Correlation | undefined;
  /** The nearest part around it that has a counterpart. */
  readonly parent?: Correlation | undefined;
}

/** One walk through an object and its rules (apiextensions' apiserver/schema/cel/validation.go). */
class RuleWalk {
  readonly errors: FieldError[] = [];
  readonly warnings: string[] = [];
  #left = BUDGET;
  #stopped = false;

  visit(schema: JsonSchema, value: unknown, old: unknown, path: string, ratchet: Ratchet, isResource: boolean): void {
    if (this.#stopped || value === null || value === undefined || !hasRules(schema)) return;
    this.#ask(schema, value, old ?? undefined, path, ratchet, isResource);
    if (this.#stopped) return;
    if (Array.isArray(value)) this.#visitItems(schema, value, old, path, ratchet);
    else if (isRecord(value)) this.#visitMembers(schema, value, old, path, ratchet);
  }

  #visitItems(schema: JsonSchema, list: readonly unknown[], old: unknown, path: string, ratchet: Ratchet): void {
    const items = itemsOf(schema);
    if (items === undefined) return;
    const before = Array.isArray(old) ? old : [];
    const isResource = items['x-kubernetes-embedded-resource'] === true;
    for (const [index, item] of list.entries()) {
      const inner = step(ratchet, (current) => current.index(index));
      this.visit(items, item, sameItem(schema, before, item), `${path}[${index}]`, inner, isResource);
    }
  }

  #visitMembers(
    schema: JsonSchema,
    object: Readonly<Record<string, unknown>>,
    old: unknown,
    path: string,
    ratchet: Ratchet,
  ): void {
    const before = isRecord(old) ? old : {};
    const values = valuesOf(schema);
    for (const [key, child] of Object.entries(object)) {
      const property = propertyOf(schema, key);
      const inner = isTypeOfRoot(ratchet, key) ? {} : step(ratchet, (current) => current.key(key));
      if (property !== undefined) {
        const isResource = property['x-kubernetes-embedded-resource'] === true;
        if (escapeProperty(key) !== undefined && !isVisible(property, isResource)) continue;
        this.visit(property, child, before[key], path === '' ? key : `${path}.${key}`, inner, isResource);
      } else if (values !== undefined) {
        const isResource = values['x-kubernetes-embedded-resource'] === true;
        this.visit(values, child, before[key], `${path}[${key}]`, inner, isResource);
      }
    }
  }

  #ask(schema: JsonSchema, value: unknown, old: unknown, path: string, ratchet: Ratchet, isResource: boolean): void {
    const rules = compileRules(schema, isResource);
    const field = fieldPath(path);
    const type = schema.type ?? '';
    if (rules === undefined) {
      const detail = 'rule compiler initialization error: failed to convert to declType for CEL validation rules';
      this.errors.push(invalidValue(field, type, detail));
      return;
    }
    if (rules.length === 0) return;
    if (this.#left <= 0) {
      this.#stop(outOfBudget(field, type));
      return;
    }
    const seen = expressionSchema(schema, isResource);
    const bindings = lazyBindings(
      () => typedValue(value, seen),
      old === undefined ? undefined : () => typedValue(old, seen),
    );
    for (const rule of rules) {
      if (this.#stopped) return;
      this.#judge(rule, schema, value, old !== undefined, bindings, path, ratchet);
    }
  }

  #judge(
    compiled: CompiledRule,
    schema: JsonSchema,
    value: unknown,
    hasOld: boolean,
    bindings: (isOptional: boolean) => RuleBindings,
    path: string,
    ratchet: Ratchet,
  ): void {
    const { rule, evaluate } = compiled;
    const field = fieldPath(path);
    const type = schema.type ?? '';
    const refuse = (detail: string) => this.errors.push(invalidValue(field, type, detail));
    if (compiled.error !== undefined) {
      refuse(`rule compile error: ${compiled.error}`);
      return;
    }
    if (evaluate === undefined) return;
    // A rule about change needs something to compare with, or to say that it can do without.
    const isOptional = rule.optionalOldSelf === true;
    if (compiled.usesOldSelf && !hasOld && !isOptional) return;
    const given = bindings(isOptional);
    let passed: Value;
    try {
      passed = this.#spend(evaluate, given);
    } catch (error) {
      if (error instanceof BudgetSpent) {
        this.#stop(outOfBudget(field, type));
        return;
      }
      if (error instanceof CostLimitExceeded) {
        const detail = `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${ruleName(rule)}`;
        this.#stop(invalidValue(field, type, detail));
        return;
      }
      if (!(error instanceof EvaluationError)) throw error;
      refuse(
        error.message.startsWith('no such overload')
          ? `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleName(rule)}`
          : `${error.message} evaluating rule: ${ruleName(rule)}`,
      );
      return;
    }
    if (passed === true) return;
    const place = fieldPath(path, compiled.fieldPath);
    const detail = this.#message(compiled, given, place, type) ?? defaultMessage(rule);
    const told = failure(rule, place, schema, value, detail);
    if (!compiled.usesOldSelf && (ratchet.current ?? ratchet.parent)?.unchanged === true) {
      this.warnings.push(`${told.field}: ${told.message}`);
    } else this.errors.push(told);
  }

  /** What the rule's own expression says of its failure; `undefined` when it says nothing of use. */
  #message({ message, rule }: CompiledRule, bindings: RuleBindings, place: string, type: string): string | undefined {
    if (message === undefined) return undefined;
    try {
      const value = this.#spend(message, bindings);
      const text = typeof value === 'string' ? value.trim() : '';
      return text === '' || Buffer.byteLength(text) > LONGEST_MESSAGE || text.includes('\n') ? undefined : text;
    } catch (error) {
      if (error instanceof BudgetSpent) {
        const detail =
          'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run';
        this.#stop(invalidValue(place, type, detail));
      } else if (error instanceof CostLimitExceeded) {
        const quoted = JSON.stringify(rule.messageExpression);
        const detail = `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${quoted}`;
        this.#stop(invalidValue(place, type, detail));
      } else if (!(error instanceof EvaluationError)) throw error;
      return undefined;
    }
  }

  /** @throws BudgetSpent, EvaluationError, CostLimitExceeded. */
  #spend(evaluate: Evaluate, bindings: RuleBindings): Value {
    const { value, cost } = evaluate(bindings);
    if (cost > this.#left) throw new BudgetSpent();
    this.#left -= cost;
    return value;
  }

  #stop(error: FieldError): void {
    this.errors.push(error);
    this.#stopped = true;
  }
}

class BudgetSpent extends Error {}

function outOfBudget(field: string, type: string): FieldError {
  const detail = 'validation failed due to running out of cost budget, no further validation rules will be run';
  return invalidValue(field, type, detail);
}

function step({ current }: Ratchet, into: (current: Correlation) => Correlation | undefined): Ratchet {
  return { current: current && into(current), parent: current };
}

const isTypeOfRoot = ({ parent }: Ratchet, key: string) =>
  parent === undefined && (key === 'apiVersion' || key === 'kind');

/** Fields that expressions cannot see have no rules either. */
function isVisible(schema: JsonSchema, isResource: boolean): boolean {
  return schemaType(expressionSchema(schema, isResource), 'field', isResource) !== undefined;
}

/**
 * What a schema's rules may read, made when the first of them reads it.
 * @returns the bindings of a rule, which may take the old value as an optional.
 */
function lazyBindings(
  makeSelf: () => Value,
  makeOld: (() => Value) | undefined,
): (isOptional: boolean) => RuleBindings {
  let self: { value: Value } | undefined;
  let old: { value: Value } | undefined;
  return (isOptional) => ({
    get self() {
      self ??= { value: makeSelf() };
      return self.value;
    },
    get oldSelf() {
      if (makeOld !== undefined) old ??= { value: makeOld() };
      return isOptional ? new Optional(old?.value) : (old?.value ?? null);
    },
  });
}

/** A rule's own name for itself. */
function ruleName({ message, rule }: ValidationRule): string {
  return (message || rule).trim();
}

function defaultMessage(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${ruleName(rule)}`;
}

function failure(
  rule: ValidationRule,
  field: string,
  { type }: JsonSchema,
  value: unknown,
  detail: string,
): FieldError {
  const isLarge = type === 'object' || type === 'array';
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail);
    case 'FieldValueRequired':
      return required(field, detail);
    case 'FieldValueDuplicate':
      return isLarge
        ? { type: 'FieldValueDuplicate', field, message: 'Duplicate value' }
        : duplicateValue(field, value);
    default:
      return isLarge ? invalidWithoutValue(field, detail) : invalidValue(field, value, detail);
  }
}

/** What a value's rules say of it. */
export interface Verdict {
  readonly errors: readonly FieldError[];
  /** Failures of what has not changed. */
  readonly warnings: readonly string[];
}

/**
 * Asks all `x-kubernetes-validations` of a schema.
 * @param old what the value was; `undefined`: it is new.
 * @param path of the value; empty for a whole object.
 */
export function validateRules(
  schema: JsonSchema,
  value: unknown,
  old: unknown,
  path = '',
  correlation?: Correlation,
  isResource = true,
): Verdict {
  const walk = new RuleWalk();
  walk.visit(schema, value, old, path, { current: correlation }, isResource);
  return walk;
}
