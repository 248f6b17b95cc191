const SIMPLE = new Map([
  ['a', 0x07],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
  ['\\', 0x5c],
  ["'", 0x27],
  ['"', 0x22],
  ['`', 0x60],
  ['?', 0x3f],
]);

const ESCAPE = /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))/gsu;

/** The text within a string literal's quotes, still escaped; raw literals have nothing to unescape. */
function body(literal: string): { readonly text: string; readonly raw: boolean } {
  const normal = literal.replace(/\r\n?/g, '\n');
  const raw = /^[rR]/.test(normal);
  const quoted = raw ? normal.slice(1) : normal;
  const fence = quoted.length >= 6 && /^("""|''')/.test(quoted) ? 3 : 1;
  return { text: quoted.slice(fence, -fence), raw };
}

/**
 * What a string literal stands for.
 * @throws RangeError with upstream's text (cel-go's `parser/unescape.go`).
 */
export function unescapeString(literal: string): string {
  const { text, raw } = body(literal);
  if (raw) return text;
  return text.replace(ESCAPE, (_, x?: string, u?: string, U?: string, octal?: string, simple?: string) => {
    const point = codePoint(x ?? u ?? U, octal, simple);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new RangeError('invalid unicode code point');
    return String.fromCodePoint(point);
  });
}

/** What a bytes literal (without its `b`) stands for: characters in UTF-8, `\x` and octal escapes as single bytes. */
export function unescapeBytes(literal: string): Uint8Array {
  const { text, raw } = body(literal);
  if (raw) return new TextEncoder().encode(text);
  const bytes: number[] = [];
  let last = 0;
  for (const match of text.matchAll(ESCAPE)) {
    bytes.push(...new TextEncoder().encode(text.slice(last, match.index)));
    const [whole, x, u, U, octal, simple] = match;
    if (u !== undefined || U !== undefined) throw new RangeError('unable to unescape string');
    bytes.push(codePoint(x, octal, simple) & 0xff);
    last = match.index + whole.length;
  }
  bytes.push(...new TextEncoder().encode(text.slice(last)));
  return Uint8Array.from(bytes);
}

function codePoint(hex: string | undefined, octal: string | undefined, simple: string | undefined): number {
  if (hex !== undefined) return Number.parseInt(hex, 16);
  if (octal !== undefined) return Number.parseInt(octal, 8);
  const point = SIMPLE.get(simple ?? '');
  if (point === undefined) throw new RangeError('unable to unescape string');
  return point;
}
