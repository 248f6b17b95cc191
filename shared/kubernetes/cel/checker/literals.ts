import { checkFormat } from '../library/format-strings';
import { compilePattern } from '../library/regular-expressions';
import type { Issue } from '../source';
import type { Call, Expr } from '../syntax/ast';
import { type CelType, DYN, formatType, isOptional, isSame, parameter } from '../types';
import { parseDuration, parseTimestamp } from '../values/time-and-numbers';
import { EvaluationError } from '../values/value';
import type { Checked } from './checker';

/** What of a literal argument is judged before it is ever evaluated: function, which argument, and whether it is right. */
const ARGUMENTS = new Map<string, readonly [number, (text: string) => boolean]>([
  ['duration', [0, (text) => parseDuration(text) !== undefined]],
  ['timestamp', [0, (text) => parseTimestamp(text) !== undefined]],
  ['matches', [0, (text) => compilePattern(text) !== undefined]],
]);

/**
 * What is wrong with the literals of an expression whose types are right (cel-go's `cel/validator.go`, as Kubernetes uses it):
 * durations, times and patterns that are none, lists and maps that hold several types, formats that do not fit.
 */
export function literalIssues(root: Expr, { types, overloads }: Checked): Issue[] {
  const issues: Issue[] = [];
  const fail = (message: string, { offset }: Expr) => issues.push({ message, offset });
  const typeOf = (expr: Expr): CelType => types.get(expr) ?? DYN;
  const elementType = (expr: Expr, optional: boolean) =>
    optional && isOptional(typeOf(expr)) ? parameter(typeOf(expr)) : typeOf(expr);

  const sameTypes = (elements: readonly { readonly expr: Expr; readonly optional: boolean }[], first: boolean) => {
    const [head] = elements;
    if (head === undefined) return;
    const wanted = elementType(head.expr, head.optional);
    for (const { expr, optional } of elements.slice(1)) {
      const found = elementType(expr, optional);
      if (isSame(wanted, found)) continue;
      fail(`expected type '${formatType(wanted)}' but found '${formatType(found)}'`, expr);
      if (first) return;
    }
  };

  const checkCall = (call: Call) => {
    const [index, isRight] = ARGUMENTS.get(call.function) ?? [];
    const argument = index === undefined ? undefined : call.args[index];
    if (argument?.kind === 'literal' && typeof argument.value === 'string') {
      if (!holds(() => isRight?.(String(argument.value)))) fail(`invalid ${call.function} argument`, argument);
    }
    const [args] = call.args;
    if (call.function !== 'format' || args?.kind !== 'list' || call.target?.kind !== 'literal') return;
    if (typeof call.target.value !== 'string' || !overloads.get(call)?.some(({ id }) => id === 'string_format')) return;
    const wrong = checkFormat(call.target.value, args.elements.map(typeOf));
    if (wrong !== undefined)
      fail(wrong.message, (wrong.index === undefined ? undefined : args.elements[wrong.index]) ?? call);
  };

  visit(root, false, (expr, inFormat) => {
    if (expr.kind === 'call') checkCall(expr);
    if (inFormat) return;
    if (expr.kind === 'list') {
      sameTypes(
        expr.elements.map((one, index) => ({ expr: one, optional: expr.optional.has(index) })),
        true,
      );
    }
    if (expr.kind !== 'map') return;
    sameTypes(
      expr.entries.map(({ key }) => ({ expr: key, optional: false })),
      false,
    );
    sameTypes(
      expr.entries.map(({ value, optional }) => ({ expr: value, optional })),
      false,
    );
  });
  return issues;
}

function holds(test: () => boolean | undefined): boolean {
  try {
    return test() ?? true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

/** Every part once, with whether it is somewhere within the arguments of `format()`. */
function visit(root: Expr, within: boolean, look: (expr: Expr, inFormat: boolean) => void): void {
  const seen = new Set<Expr>();
  const go = (expr: Expr, inFormat: boolean): void => {
    if (seen.has(expr)) return;
    seen.add(expr);
    look(expr, inFormat);
    const inside = inFormat || (expr.kind === 'call' && expr.function === 'format');
    for (const part of parts(expr)) go(part, inside);
  };
  go(root, within);
}

/** What an expression is directly made of. */
function parts(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'select':
      return [expr.operand];
    case 'call':
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case 'list':
      return expr.elements;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return expr.fields.map(({ value }) => value);
    case 'comprehension':
      return [expr.range, expr.initial, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}
