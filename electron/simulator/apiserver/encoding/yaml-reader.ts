import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type YAMLError } from 'yaml';
import { messageOf } from '../../../../shared/error-message';

/** A text that is no YAML, in go-yaml's words as far as they can be had from another parser. */
export class YamlError extends Error {}

/** What came of reading a text. */
export interface YamlRead {
  /** As it would come from the JSON that sigs.k8s.io/yaml makes of the text. */
  readonly value: unknown;
  /** `line 3: key "name" already set in map`, in the order of the text. */
  readonly repeated: readonly string[];
}

/**
 * Reads the first document of a YAML text as sigs.k8s.io/yaml does: version 1.1, where `yes` is true, merge keys merge, and
 * times are strings.
 * @throws YamlError
 */
export function readYaml(text: string): YamlRead {
  const control = /(?![\t\n\r])\p{Cc}/u.exec(text);
  if (control !== null) throw new YamlError('yaml: control characters are not allowed');
  const lineCounter = new LineCounter();
  const documents = parse(text, lineCounter);
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (document === undefined) return { value: null, repeated: [] };
  const [fault] = document.errors;
  if (fault !== undefined) throw new YamlError(wordsOf(fault, text));
  const repeated: string[] = [];
  checkKeys(document.contents, lineCounter, repeated);
  let value: unknown;
  try {
    // Aliases are bounded: each can multiply what a few bytes stand for.
    value = document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    throw new YamlError(wordsOfAlias(messageOf(error)));
  }
  if (isCircular(value, new Set())) throw new YamlError('yaml: anchor value contains itself');
  return { value: asJson(value), repeated };
}

function parse(text: string, lineCounter: LineCounter) {
  try {
    return parseAllDocuments(text, {
      version: '1.1',
      schema: 'yaml-1.1',
      // Times are strings, and nobody counts in sixties (go-yaml's resolve.go).
      customTags: (tags) =>
        tags.filter((tag) => typeof tag === 'string' || (tag.format !== 'TIME' && !/timestamp$/.test(tag.tag))),
      merge: true,
      intAsBigInt: true,
      uniqueKeys: false,
      logLevel: 'error',
      lineCounter,
    });
  } catch (error) {
    // It is nested deeper than the parser's stack.
    if (error instanceof RangeError) throw new YamlError('yaml: exceeded max depth of 10000');
    throw error;
  }
}

/** What a map has twice counts as strict decoding's business; what cannot be a key of JSON is refused. */
function checkKeys(node: unknown, lines: LineCounter, repeated: string[]): void {
  if (isSeq(node)) for (const item of node.items) checkKeys(item, lines, repeated);
  if (!isMap(node)) return;
  const seen = new Set<unknown>();
  for (const pair of node.items) {
    const { key, value } = pair;
    if (isMap(key) || isSeq(key)) throw new YamlError(`yaml: invalid map key: ${goValue(key.toJSON())}`);
    const name = isScalar(key) ? key.value : isAlias(key) ? key.source : key;
    if (name === null) {
      throw new YamlError(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goSyntax(value)}`);
    }
    if (seen.has(name) && isScalar(key)) {
      const { line } = lines.linePos(key.range?.[0] ?? 0);
      const shown = typeof name === 'string' ? JSON.stringify(name) : String(name);
      repeated.push(`line ${line}: key ${shown} already set in map`);
    }
    seen.add(name);
    checkKeys(value, lines, repeated);
  }
}

function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goValue).join(', ')}}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}:${goValue(child)}`);
  return `map[interface {}]interface {}{${members.join(', ')}}`;
}

function goSyntax(value: unknown): string {
  return isScalar(value) ? JSON.stringify(value.value) : '';
}

/** A Scalar's value as JSON has it: bytes are strings, and so is every key. */
function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') {
    if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return Number(value);
    return BigInt.asIntN(64, value) === value ? value : Number(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const shown = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
    throw new YamlError(`json: unsupported value: ${shown}`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return value.map(asJson);
  // It is made JSON on its way, with its keys in order.
  const members = Object.entries(value).map(([key, child]): [string, unknown] => [key, asJson(child)]);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isCircular(value: unknown, above: Set<unknown>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (above.has(value)) return true;
  above.add(value);
  const circular = Object.values(value).some((child) => isCircular(child, above));
  above.delete(value);
  return circular;
}

function wordsOfAlias(message: string): string {
  const name = /Unresolved alias .*: (.*)$/.exec(message)?.[1];
  if (name !== undefined) return `yaml: unknown anchor '${name}' referenced`;
  return /alias count/.test(message) ? 'yaml: document contains excessive aliasing' : `yaml: ${message}`;
}

/** libyaml's words (and its way of counting lines: the first one goes without saying) for a fault. */
function wordsOf({ code, message, linePos, pos }: YAMLError, text: string): string {
  const line = linePos?.[0].line ?? 1;
  const scanner = (words: string, at = line) => `yaml: ${at > 1 ? `line ${at}: ` : ''}${words}`;
  // The parser counts from nought.
  const parser = (words: string) => `yaml: line ${Math.max(1, line - 1)}: ${words}`;
  switch (code) {
    case 'TAB_AS_INDENT':
      // After a key that has its value already, something else could have stood there.
      return scanner(
        /:\s*\S[^\n]*\n\s*$/.test(text.slice(0, pos[0]))
          ? 'found a tab character that violates indentation'
          : 'found character that cannot start any token',
      );
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token');
    case 'BLOCK_AS_IMPLICIT_KEY': {
      const begun = text.slice(pos[0]).split('\n', 1)[0] ?? '';
      return scanner('mapping values are not allowed in this context', begun.includes(':') ? line : line + 1);
    }
    case 'MULTILINE_IMPLICIT_KEY':
      return scanner('mapping values are not allowed in this context', line + 1);
    case 'MISSING_CHAR':
      return scanner(/quote/.test(message) ? 'found unexpected end of stream' : "could not find expected ':'");
    case 'BAD_DQ_ESCAPE':
      return scanner('found unknown escape character');
    case 'BAD_INDENT':
      if (!/^Flow/.test(message)) return parser('did not find expected key');
      return parser(
        /[[{]\s*$/.test(text)
          ? 'did not find expected node content'
          : `did not find expected ',' or '${/map/.test(message) ? '}' : ']'}'`,
      );
    default:
      return parser('did not find expected node content');
  }
}
