import { RE2JS, RE2JSSyntaxException } from 're2js';
import { type CelFunction, member } from '../functions';
import { INT, listOf, STRING } from '../types';
import { ValueList } from '../values/collections';
import { EvaluationError } from '../values/value';

/** Patterns of rules are few and used over and over. */
const compiled = new Map<string, RE2JS>();
const REMEMBERED = 256;

/**
 * A regular expression in RE2's syntax, as Go's: it takes time that grows only with the text, whatever the pattern is.
 * @throws EvaluationError with Go's text.
 */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  try {
    const expression = RE2JS.compile(pattern);
    if (compiled.size >= REMEMBERED) compiled.clear();
    compiled.set(pattern, expression);
    return expression;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw new EvaluationError(error.message);
    throw error;
  }
}

/** Whether the pattern matches some part of the text. */
export function matches(text: string, pattern: string): boolean {
  return compilePattern(pattern).matcher(text).find();
}

function find(text: string, pattern: string): string {
  const matcher = compilePattern(pattern).matcher(text);
  return matcher.find() ? (matcher.group() ?? '') : '';
}

/** @param limit how many are found at most; negative: all. */
function findAll(text: string, pattern: string, limit = -1n): ValueList {
  const found: string[] = [];
  const matcher = compilePattern(pattern).matcher(text);
  while ((limit < 0n || found.length < Number(limit)) && matcher.find()) found.push(matcher.group() ?? '');
  return new ValueList(found);
}

/** k8s.io/apiserver/pkg/cel/library/regex.go. */
export const regularExpressions: readonly CelFunction[] = [
  { name: 'find', overloads: [member('string_find_string', [STRING, STRING], STRING, find)] },
  {
    name: 'findAll',
    overloads: [
      member('string_find_all_string', [STRING, STRING], listOf(STRING), findAll),
      member('string_find_all_string_int', [STRING, STRING, INT], listOf(STRING), findAll),
    ],
  },
];
