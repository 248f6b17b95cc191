/** What is wrong with an expression, and where. */
export interface Issue {
  readonly message: string;
  /** In code points from the expression's start; `undefined` when it is about the whole. */
  readonly offset: number | undefined;
}

/** How many issues are told before the rest is only counted (cel-go's `common.Errors`). */
const REPORTED = 100;
const LONGEST_SNIPPET = 16384;

/** All issues as kube-apiserver prints them: each with its line, and a caret under the place. */
export function formatIssues(expression: string, issues: readonly Issue[]): string {
  const lines = expression.split('\n').map((line) => [...line]);
  const placed = issues.map((issue) => ({ issue, place: locate(lines, issue.offset) }));
  placed.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  const texts = placed.slice(0, REPORTED).map(({ issue, place }) => {
    const head = `ERROR: <input>:${place.line}:${place.column + 1}: ${issue.message}`;
    const line = lines[place.line - 1];
    return line === undefined || line.length > LONGEST_SNIPPET || expression === ''
      ? head
      : `${head}${snippet(line, place.column)}`;
  });
  if (issues.length > REPORTED) texts.push(`${issues.length - REPORTED} more errors were truncated`);
  return texts.join('\n');
}

interface Place {
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly column: number;
}

function locate(lines: readonly (readonly string[])[], offset: number | undefined): Place {
  if (offset === undefined) return { line: -1, column: -1 };
  // Where there is nothing, there is no first place either.
  if (lines.length === 1 && lines[0]?.length === 0) return { line: 1, column: -1 };
  let start = 0;
  for (const [index, line] of lines.entries()) {
    if (offset <= start + line.length) return { line: index + 1, column: offset - start };
    start += line.length + 1;
  }
  return { line: lines.length, column: lines.at(-1)?.length ?? 0 };
}

function snippet(line: readonly string[], column: number): string {
  const shown = line.map((character) => (character === '\t' ? ' ' : character));
  // A character outside ASCII gets a wide dot, so that the caret stays under its place in most fonts.
  const isWide = (character: string | undefined) => character !== undefined && character > '\u007f';
  const dots = shown.slice(0, column).map((character) => (isWide(character) ? '\uff0e' : '.'));
  return `\n | ${shown.join('')}\n | ${dots.join('')}${isWide(shown[column]) ? '\uff3e' : '^'}`;
}
