import { RE2JS, RE2JSSyntaxException } from 're2js';

/** Compiled patterns by their text; a cluster has as many as its schemas. */
const compiled = new Map<string, RE2JS | string>();
const MOST_COMPILED = 2000;

function compile(pattern: string): RE2JS | string {
  let result = compiled.get(pattern);
  if (result === undefined) {
    try {
      result = RE2JS.compile(pattern);
    } catch (error) {
      if (!(error instanceof RE2JSSyntaxException)) throw error;
      result = error.message;
    }
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    compiled.set(pattern, result);
  }
  return result;
}

/** What Go's `regexp.Compile` finds wrong with a pattern; `undefined` for nothing. */
export function patternProblem(pattern: string): string | undefined {
  const result = compile(pattern);
  return typeof result === 'string' ? result : undefined;
}

/** Whether a pattern is found anywhere in a text, in time linear in the text; a pattern that is none matches nothing. */
export function matchesPattern(text: string, pattern: string): boolean {
  const result = compile(pattern);
  return typeof result !== 'string' && result.matcher(text).find();
}
