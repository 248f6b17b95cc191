/**
 * JSON as Go's decoder reads it (sigs.k8s.io/json): with its words for what is wrong, with integers of 64 bits, and with
 * the keys that stand twice. What has none of that is left to `JSON.parse`, which is many times faster.
 */

/** A text that is no JSON, in the words of Go's encoding/json. */
export class JsonSyntaxError extends Error {}

/** A number that JavaScript does not hold as it was written: `1e2`, `1.0`, and what is beyond 64 bits. */
export class NumberLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get value(): number {
    return Number(this.text);
  }
}

/** encoding/json's maxNestingDepth. */
const DEEPEST = 10_000;

/** May hold a number with more digits than a double, a fraction, an exponent, or a surrogate that stands alone. */
const SPECIAL = /(?:"\s*:|[[,])\s*-?\d+(?:\.\d|[eE]|(?<=\d{16}))|\\u[dD][89a-fA-F]/;

const repeated = new WeakMap<object, readonly (readonly [string, unknown])[]>();

/** The members of an object in the order of its text, also those whose key stands there again. */
export function membersOf(record: object): readonly (readonly [string, unknown])[] {
  return repeated.get(record) ?? Object.entries(record);
}

/**
 * Integers beyond what a double holds become a bigint where 64 bits hold them. Of keys that stand twice the last one
 * counts; `membersOf` gives all.
 * @param literals whether numbers that are not written as integers stay as they were written, for who reads them by type.
 * @throws JsonSyntaxError
 */
export function readJson(text: string, literals = false): unknown {
  if (!SPECIAL.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      // As many keys as there are names before a colon: none stands twice.
      if (countKeys(value) === countNames(text)) return value;
    } catch {
      // What is wrong with it is said below in Go's words.
    }
  }
  return new JsonReader(text, literals).document();
}

/** A text that `writeJson` made: nothing is wrong with it, and nothing stands in it twice. */
export function rereadJson(text: string): unknown {
  return /[:[,]-?\d{16}/.test(text) ? readJson(text) : JSON.parse(text);
}

function countNames(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    let before = at - 1;
    while (isSpace(text.charCodeAt(before))) before--;
    if (text[before] === '"') count++;
  }
  return count;
}

/** Without recursion: a text may be nested deeper than the stack. */
function countKeys(value: unknown): number {
  const left: unknown[] = [value];
  let count = 0;
  while (left.length > 0) {
    const item = left.pop();
    if (typeof item !== 'object' || item === null) continue;
    if (Array.isArray(item)) {
      for (const child of item) if (typeof child === 'object' && child !== null) left.push(child);
      continue;
    }
    for (const child of Object.values(item)) {
      count++;
      if (typeof child === 'object' && child !== null) left.push(child);
    }
  }
  return count;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

interface OpenRecord {
  readonly record: Record<string, unknown>;
  readonly members: [string, unknown][];
  key: string;
}

type Open = OpenRecord | { readonly list: unknown[] };

class JsonReader {
  readonly #text: string;
  readonly #literals: boolean;
  readonly #open: Open[] = [];
  #at = 0;

  constructor(text: string, literals: boolean) {
    this.#text = text;
    this.#literals = literals;
  }

  document(): unknown {
    for (;;) {
      const value = this.#value();
      if (value === undefined) continue;
      const whole = this.#place(value.read);
      if (whole !== undefined) return whole.read;
    }
  }

  /** @returns `undefined` after an opening bracket with something in it. */
  #value(): { read: unknown } | undefined {
    this.#space();
    switch (this.#text[this.#at]) {
      case '{': {
        const open: OpenRecord = { record: {}, members: [], key: '' };
        this.#enter(open);
        if (this.#text[this.#at] === '}') return this.#leave(open.record);
        this.#key(open);
        return undefined;
      }
      case '[': {
        const open = { list: [] };
        this.#enter(open);
        return this.#text[this.#at] === ']' ? this.#leave(open.list) : undefined;
      }
      case '"':
        return { read: this.#string() };
      case 't':
        return this.#literal('true', true);
      case 'f':
        return this.#literal('false', false);
      case 'n':
        return this.#literal('null', null);
      default:
        return { read: this.#number() };
    }
  }

  /** Puts a value where it belongs, and closes what ends after it. @returns the document once that is whole. */
  #place(given: unknown): { read: unknown } | undefined {
    let value = given;
    for (;;) {
      const inside = this.#open.at(-1);
      this.#space();
      if (inside === undefined) {
        if (this.#at < this.#text.length) throw this.#invalid('after top-level value');
        return { read: value };
      }
      if ('list' in inside) inside.list.push(value);
      else inside.members.push([inside.key, value]);
      const next = this.#text[this.#at];
      if (next === ',') {
        this.#at++;
        if ('list' in inside) return undefined;
        this.#space();
        this.#key(inside);
        return undefined;
      }
      if (next !== ('list' in inside ? ']' : '}')) {
        throw this.#invalid('list' in inside ? 'after array element' : 'after object key:value pair');
      }
      value = this.#leave('list' in inside ? inside.list : closed(inside)).read;
    }
  }

  #enter(open: Open): void {
    if (this.#open.length >= DEEPEST) throw this.#invalid('exceeded max depth');
    this.#open.push(open);
    this.#at++;
    this.#space();
  }

  #leave(value: unknown): { read: unknown } {
    this.#open.pop();
    this.#at++;
    return { read: value };
  }

  #key(open: OpenRecord): void {
    if (this.#text[this.#at] !== '"') throw this.#invalid('looking for beginning of object key string');
    open.key = this.#string();
    this.#space();
    if (this.#text[this.#at] !== ':') throw this.#invalid('after object key');
    this.#at++;
  }

  #space(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #literal(word: string, value: unknown): { read: unknown } {
    for (let index = 0; index < word.length; index++, this.#at++) {
      if (this.#text[this.#at] === word[index]) continue;
      throw this.#invalid(`in literal ${word} (expecting '${word[index]}')`);
    }
    return { read: value };
  }

  #string(): string {
    const start = this.#at++;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x22) break;
      if (!(code >= 0x20)) throw this.#invalid('in string literal');
      this.#at++;
      if (code === 0x5c) this.#escape();
    }
    this.#at++;
    // Half of a surrogate pair is no character: Go has the replacement character for it.
    const text: string = JSON.parse(this.#text.slice(start, this.#at));
    return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  }

  #escape(): void {
    const letter = this.#text[this.#at];
    if (letter === undefined || !'"\\/bfnrtu'.includes(letter)) throw this.#invalid('in string escape code');
    this.#at++;
    if (letter !== 'u') return;
    for (let digit = 0; digit < 4; digit++, this.#at++) {
      if (!/[0-9a-fA-F]/.test(this.#text[this.#at] ?? '')) throw this.#invalid('in \\u hexadecimal character escape');
    }
  }

  #number(): unknown {
    const start = this.#at;
    if (this.#text[this.#at] === '-') {
      this.#at++;
      if (!this.#isDigit()) throw this.#invalid('in numeric literal');
    } else if (!this.#isDigit()) throw this.#invalid('looking for beginning of value');
    if (this.#text[this.#at] === '0') this.#at++;
    else this.#digits();
    if (this.#text[this.#at] === '.') {
      this.#at++;
      if (!this.#isDigit()) throw this.#invalid('after decimal point in numeric literal');
      this.#digits();
    }
    if (this.#text[this.#at] === 'e' || this.#text[this.#at] === 'E') {
      this.#at++;
      if (this.#text[this.#at] === '+' || this.#text[this.#at] === '-') this.#at++;
      if (!this.#isDigit()) throw this.#invalid('in exponent of numeric literal');
      this.#digits();
    }
    return this.#numberOf(this.#text.slice(start, this.#at));
  }

  #numberOf(text: string): unknown {
    const value = Number(text);
    if (/^-?\d+$/.test(text)) {
      if (Number.isSafeInteger(value)) return value;
      const whole = BigInt(text);
      if (BigInt.asIntN(64, whole) === whole) return whole;
    }
    return this.#literals ? new NumberLiteral(text) : value;
  }

  #isDigit(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    return code >= 0x30 && code <= 0x39;
  }

  #digits(): void {
    while (this.#isDigit()) this.#at++;
  }

  #invalid(where: string): JsonSyntaxError {
    if (this.#at >= this.#text.length) return new JsonSyntaxError('unexpected end of JSON input');
    return new JsonSyntaxError(`invalid character ${quoted(this.#text, this.#at)} ${where}`);
  }
}

function closed({ record, members }: OpenRecord): Record<string, unknown> {
  for (const [key, value] of members) {
    // As JSON.parse has it: a key of this name is a member like any other.
    if (key === '__proto__') {
      Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
    } else record[key] = value;
  }
  if (Object.keys(record).length < members.length) repeated.set(record, members);
  return record;
}

/** The byte that stands there as Go quotes it: one of UTF-8, read as a character. */
function quoted(text: string, at: number): string {
  const byte = Buffer.from(String.fromCodePoint(text.codePointAt(at) ?? 0))[0] ?? 0;
  if (byte === 0x27) return "'\\''";
  if (byte === 0x22) return "'\"'";
  const letter = ESCAPES[byte];
  if (letter !== undefined) return `'\\${letter}'`;
  if (byte < 0x20 || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, '0')}'`;
  if (byte >= 0x80 && (byte <= 0xa0 || byte === 0xad)) return `'\\u${byte.toString(16).padStart(4, '0')}'`;
  return `'${String.fromCharCode(byte)}'`;
}

const ESCAPES: Readonly<Record<number, string>> = {
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  92: '\\',
};
