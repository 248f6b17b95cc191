import type { List, Word, WordPart } from './syntax';

/** What expansion needs to know of the shell it happens in. */
export interface ExpansionContext {
  /** The value of a variable or special parameter, `undefined` when unset. */
  parameter(name: string): string | undefined;
  /** `$@`. */
  readonly positional: readonly string[];
  assign(name: string, value: string): void;
  /** The output of a command substitution, without the newlines at its end. */
  substitute(script: List): Promise<string>;
  /** `${name:?message}`: ends the shell. */
  fail(message: string): never;
  /** Paths that match a pattern, or none. */
  glob(pattern: string): string[];
}

/** A field under construction: its text, and the same with quoted characters escaped, for use as a pattern. */
interface Field {
  text: string;
  pattern: string;
  /** Whether it exists even when empty. */
  kept: boolean;
}

/** A word as one string: no splitting, no file names. For assignments, redirections and `case`. */
export async function expandToText(word: Word, context: ExpansionContext): Promise<string> {
  return (await expandPattern(word, context)).text;
}

/** As {@link expandToText}, with the pattern that the word makes when quoted characters stand for themselves. */
export async function expandPattern(word: Word, context: ExpansionContext): Promise<{ text: string; pattern: string }> {
  let text = '';
  let pattern = '';
  for (const part of word) {
    const value = await partValue(part, context);
    text += value;
    pattern += part.quoted ? escapePattern(value) : value;
  }
  return { text, pattern };
}

/** A command's words as its arguments: parameters split at blanks, patterns replaced by the files they match. */
export async function expandWords(words: readonly Word[], context: ExpansionContext): Promise<string[]> {
  const result: string[] = [];
  for (const word of words) {
    for (const field of await fields(word, context)) {
      const matches = /(^|[^\\])[*?[]/.test(field.pattern) ? context.glob(field.pattern) : [];
      if (matches.length > 0) result.push(...matches);
      else result.push(field.text);
    }
  }
  return result;
}

async function fields(word: Word, context: ExpansionContext): Promise<Field[]> {
  const done: Field[] = [];
  let current: Field | undefined;
  const append = (text: string, quoted: boolean) => {
    current ??= { text: '', pattern: '', kept: false };
    current.text += text;
    current.pattern += quoted ? escapePattern(text) : text;
    if (quoted || text !== '') current.kept = true;
  };
  const finish = () => {
    if (current?.kept) done.push(current);
    current = undefined;
  };
  for (const [index, part] of word.entries()) {
    if (part.kind === 'text') {
      const home = index === 0 && !part.quoted ? tilde(part.text, context) : part.text;
      append(home, part.quoted);
      continue;
    }
    if (part.kind === 'parameter' && part.name === '@' && part.quoted && part.operator === undefined) {
      context.positional.forEach((value, i) => {
        if (i > 0) finish();
        append(value, true);
      });
      // "$@" with nothing in it is no field at all; undo the empty text that opened the quotes.
      if (context.positional.length === 0 && current?.text === '') current = undefined;
      continue;
    }
    const value = await partValue(part, context);
    if (part.quoted) {
      append(value, true);
      continue;
    }
    const pieces = value.split(/[ \t\n]+/);
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) finish();
      if (piece !== '') append(piece, false);
    }
  }
  finish();
  return done;
}

function tilde(text: string, context: ExpansionContext): string {
  return /^~(\/|$)/.test(text) ? `${context.parameter('HOME') ?? '/root'}${text.slice(1)}` : text;
}

async function partValue(part: WordPart, context: ExpansionContext): Promise<string> {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'command':
      return context.substitute(part.script);
    case 'arithmetic':
      return String(evaluateArithmetic(await expandToText(part.expression, context), context));
    case 'parameter':
      return parameterValue(part, context);
  }
}

async function parameterValue(
  part: Extract<WordPart, { kind: 'parameter' }>,
  context: ExpansionContext,
): Promise<string> {
  const value = context.parameter(part.name);
  const { operator } = part;
  if (operator === undefined) return value ?? '';
  if (operator === 'length') return String([...(value ?? '')].length);
  const word = part.word ?? [];
  const absent = value === undefined || (operator.startsWith(':') && value === '');
  switch (operator.at(-1)) {
    case '-':
      return absent ? expandToText(word, context) : value;
    case '+':
      return absent ? '' : expandToText(word, context);
    case '=': {
      if (!absent) return value;
      const text = await expandToText(word, context);
      context.assign(part.name, text);
      return text;
    }
    case '?':
      if (!absent) return value;
      return context.fail(`${part.name}: ${(await expandToText(word, context)) || 'parameter not set'}`);
    default:
      return trim(value ?? '', (await expandPattern(word, context)).pattern, operator);
  }
}

/** `#`, `##`, `%`, `%%`: the value without the shortest or longest match at its start or end. */
function trim(value: string, pattern: string, operator: string): string {
  const matches = patternExpression(pattern);
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    if (operator.startsWith('#') && matches.test(value.slice(0, length))) return value.slice(length);
    if (operator.startsWith('%') && matches.test(value.slice(value.length - length))) {
      return value.slice(0, value.length - length);
    }
  }
  return value;
}

function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

/** A shell pattern as a regular expression over the whole text. */
export function patternExpression(pattern: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    if (c === '\\') source += (pattern[++i] ?? '\\').replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    else if (c === '*') source += '[^]*';
    else if (c === '?') source += '[^]';
    else if (c === '[' && pattern.indexOf(']', i + 2) > 0) {
      const end = pattern.indexOf(']', i + 2);
      source += `[${pattern
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replace(/\\/g, '\\\\')}]`;
      i = end;
    } else source += c.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }
  return new RegExp(`^${source}$`);
}

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Evaluates `$((…))` over integers. */
function evaluateArithmetic(text: string, context: ExpansionContext): number {
  const tokens = text.match(/\d+|[A-Za-z_][A-Za-z0-9_]*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>=!~&|^?:()]/g) ?? [];
  let at = 0;
  const number = (name: string): number => Math.trunc(Number(context.parameter(name) ?? 0)) || 0;
  const unary = (): number => {
    const token = tokens[at++];
    if (token === '-') return -unary();
    if (token === '+') return unary();
    if (token === '!') return unary() === 0 ? 1 : 0;
    if (token === '~') return ~unary();
    if (token === '(') {
      const value = ternary();
      if (tokens[at++] !== ')') context.fail('arithmetic syntax error');
      return value;
    }
    if (token !== undefined && /^\d/.test(token)) return Number(token);
    if (token === undefined || !/^[A-Za-z_]/.test(token)) return context.fail('arithmetic syntax error');
    if (tokens[at] === '=' && tokens[at + 1] !== '=') {
      at++;
      const value = ternary();
      context.assign(token, String(value));
      return value;
    }
    const assigned = tokens[at + 1] === '=' && /^[-+*/%]$/.test(tokens[at] ?? '');
    if (!assigned) return number(token);
    const operator = tokens[at] ?? '';
    at += 2;
    const value = apply(operator, number(token), ternary());
    context.assign(token, String(value));
    return value;
  };
  const apply = (operator: string, a: number, b: number): number => {
    switch (operator) {
      case '||':
        return a !== 0 || b !== 0 ? 1 : 0;
      case '&&':
        return a !== 0 && b !== 0 ? 1 : 0;
      case '|':
        return a | b;
      case '^':
        return a ^ b;
      case '&':
        return a & b;
      case '==':
        return a === b ? 1 : 0;
      case '!=':
        return a !== b ? 1 : 0;
      case '<=':
        return a <= b ? 1 : 0;
      case '>=':
        return a >= b ? 1 : 0;
      case '<':
        return a < b ? 1 : 0;
      case '>':
        return a > b ? 1 : 0;
      case '<<':
        return a << b;
      case '>>':
        return a >> b;
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      default:
        if (b === 0) return context.fail('divide by zero');
        return operator === '/' ? Math.trunc(a / b) : a % b;
    }
  };
  const binary = (level: number): number => {
    const operators = LEVELS[level];
    if (operators === undefined) return unary();
    let value = binary(level + 1);
    for (let token = tokens[at]; token !== undefined && operators.includes(token); token = tokens[at]) {
      at++;
      value = apply(token, value, binary(level + 1));
    }
    return value;
  };
  const ternary = (): number => {
    const condition = binary(0);
    if (tokens[at] !== '?') return condition;
    at++;
    const yes = ternary();
    if (tokens[at++] !== ':') context.fail('arithmetic syntax error');
    const no = ternary();
    return condition !== 0 ? yes : no;
  };
  if (tokens.length === 0) return 0;
  const value = ternary();
  if (at < tokens.length) context.fail('arithmetic syntax error');
  return value;
}
