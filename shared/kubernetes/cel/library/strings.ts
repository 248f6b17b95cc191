import { type CelFunction, member, overload } from '../functions';
import { DYN, INT, listOf, STRING } from '../types';
import { ValueList } from '../values/collections';
import { valueText } from '../values/text';
import { type CelList, EvaluationError } from '../values/value';
import { formatString } from './format-strings';

const STRINGS = listOf(STRING);

const outOfRange = (index: bigint) => new EvaluationError(`index out of range: ${index}`);

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > BigInt(characters.length)) throw outOfRange(index);
  return characters[Number(index)] ?? '';
}

/** Where some characters stand in others, counted in code points. */
function indexOf(text: string, part: string, offset = 0n): bigint {
  if (part === '') return offset;
  if (offset < 0n) throw outOfRange(offset);
  const characters = [...text];
  if (offset >= BigInt(characters.length)) return -1n;
  const start = characters.slice(0, Number(offset)).join('').length;
  const index = text.indexOf(part, start);
  return index < 0 ? -1n : BigInt([...text.slice(0, index)].length);
}

function lastIndexOf(text: string, part: string, offset?: bigint): bigint {
  const characters = [...text];
  if (offset === undefined) {
    if (part === '') return BigInt(characters.length);
    if (text.length < part.length) return -1n;
  }
  const from = offset ?? BigInt(characters.length - 1);
  if (part === '') return from;
  if (from < 0n) throw outOfRange(from);
  if (from >= BigInt(characters.length)) return -1n;
  const index = text.lastIndexOf(part, characters.slice(0, Number(from)).join('').length);
  return index < 0 ? -1n : BigInt([...text.slice(0, index)].length);
}

/** @param count how often at most; negative: always. */
function replace(text: string, old: string, replacement: string, count = -1n): string {
  if (count < 0n)
    return old === ''
      ? replaceEmpty(text, replacement, Number.POSITIVE_INFINITY)
      : text.replaceAll(old, () => replacement);
  if (old === '') return replaceEmpty(text, replacement, Number(count));
  const pieces = text.split(old);
  const replaced = Math.min(Number(count), pieces.length - 1);
  return [pieces.slice(0, replaced + 1).join(replacement), ...pieces.slice(replaced + 1)].join(old);
}

/** Go finds the empty string before each character and at the end. */
function replaceEmpty(text: string, replacement: string, count: number): string {
  const characters = [...text];
  const spaces = characters.map((character, index) => (index < count ? replacement : '') + character);
  return spaces.join('') + (characters.length < count ? replacement : '');
}

/** @param count how many parts at most; negative: all. */
function split(text: string, separator: string, count = -1n): ValueList {
  if (count === 0n) return new ValueList([]);
  const parts = separator === '' ? [...text] : text.split(separator);
  if (count < 0n || parts.length <= Number(count)) return new ValueList(parts);
  const whole = parts.slice(0, Number(count) - 1);
  return new ValueList([...whole, parts.slice(whole.length).join(separator)]);
}

function substring(text: string, start: bigint, end?: bigint): string {
  const characters = [...text];
  const length = BigInt(characters.length);
  if (end !== undefined && start > end) {
    throw new EvaluationError(`invalid substring range. start: ${start}, end: ${end}`);
  }
  if (start < 0n || start > length) throw outOfRange(start);
  if (end !== undefined && (end < 0n || end > length)) throw outOfRange(end);
  return characters.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

function join(list: CelList, separator = ''): string {
  const parts: string[] = [];
  for (const one of list) {
    if (typeof one !== 'string') throw new EvaluationError(`join: invalid input: ${valueText(one)}`);
    parts.push(one);
  }
  return parts.join(separator);
}

const ESCAPES = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);

const quote = (text: string) => `"${[...text].map((character) => ESCAPES.get(character) ?? character).join('')}"`;
const lower = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const upper = (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
/** Go's white space; JavaScript's has U+FEFF besides. */
const trim = (text: string) => text.replace(/^[\s\u0085]+|[\s\u0085]+$/gu, (space) => space.replace(/[^\ufeff]/g, ''));

/** cel-go's `ext.Strings`, version 2. */
export const strings: readonly CelFunction[] = [
  { name: 'charAt', overloads: [member('string_char_at_int', [STRING, INT], STRING, charAt)] },
  {
    name: 'indexOf',
    overloads: [
      member('string_index_of_string', [STRING, STRING], INT, indexOf),
      member('string_index_of_string_int', [STRING, STRING, INT], INT, indexOf),
    ],
  },
  {
    name: 'lastIndexOf',
    overloads: [
      member('string_last_index_of_string', [STRING, STRING], INT, lastIndexOf),
      member('string_last_index_of_string_int', [STRING, STRING, INT], INT, lastIndexOf),
    ],
  },
  { name: 'lowerAscii', overloads: [member('string_lower_ascii', [STRING], STRING, lower)] },
  { name: 'upperAscii', overloads: [member('string_upper_ascii', [STRING], STRING, upper)] },
  {
    name: 'replace',
    overloads: [
      member('string_replace_string_string', [STRING, STRING, STRING], STRING, replace),
      member('string_replace_string_string_int', [STRING, STRING, STRING, INT], STRING, replace),
    ],
  },
  {
    name: 'split',
    overloads: [
      member('string_split_string', [STRING, STRING], STRINGS, split),
      member('string_split_string_int', [STRING, STRING, INT], STRINGS, split),
    ],
  },
  {
    name: 'substring',
    overloads: [
      member('string_substring_int', [STRING, INT], STRING, substring),
      member('string_substring_int_int', [STRING, INT, INT], STRING, substring),
    ],
  },
  { name: 'trim', overloads: [member('string_trim', [STRING], STRING, trim)] },
  { name: 'format', overloads: [member('string_format', [STRING, listOf(DYN)], STRING, formatString)] },
  { name: 'strings.quote', overloads: [overload('strings_quote', [STRING], STRING, quote)] },
  {
    name: 'join',
    overloads: [
      member('list_join', [STRINGS], STRING, join),
      member('list_join_string', [STRINGS, STRING], STRING, join),
    ],
  },
];
