import { byteText } from '../runtime/bytes';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  '\\': '\\',
};

/** Backslash escapes as `echo -e` and `printf` read them. */
function unescapeText(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|.)/g, (whole, code: string) => {
    if (/^x/.test(code)) return byteText(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return byteText(Number.parseInt(code, 8) & 0xff);
    return ESCAPES[code] ?? whole;
  });
}

/** What `echo` prints. */
export function echoText(args: readonly string[]): string {
  let newline = true;
  let escapes = false;
  let first = 0;
  for (; /^-[neE]+$/.test(args[first] ?? ''); first++) {
    const flags = args[first] ?? '';
    if (flags.includes('n')) newline = false;
    if (flags.includes('e')) escapes = true;
  }
  const text = args.slice(first).join(' ');
  return (escapes ? unescapeText(text) : text) + (newline ? '\n' : '');
}

/** What `printf` prints: the format is used again while there are arguments left. */
export function formatText(format: string, args: readonly string[]): string {
  const rest = [...args];
  let result = '';
  do {
    const before = rest.length;
    result += unescapeText(format).replace(
      /%(-?)(0?)(\d*)(?:\.(\d+))?([sdiuxXofc%b])/g,
      (_, left: string, zero: string, width: string, precision: string | undefined, kind: string) => {
        if (kind === '%') return '%';
        const argument = rest.shift() ?? '';
        let text: string;
        if (kind === 's') text = precision === undefined ? argument : argument.slice(0, Number(precision));
        else if (kind === 'b') text = unescapeText(argument);
        else if (kind === 'c') text = argument.slice(0, 1);
        else if (kind === 'f') text = (Number(argument) || 0).toFixed(Number(precision ?? 6));
        else {
          const value = Math.trunc(Number(argument)) || 0;
          text = kind === 'x' ? value.toString(16) : kind === 'X' ? value.toString(16).toUpperCase() : String(value);
          if (kind === 'o') text = value.toString(8);
        }
        if (left) return text.padEnd(Number(width));
        return zero ? text.padStart(Number(width), '0') : text.padStart(Number(width || 0));
      },
    );
    if (rest.length === before) break;
  } while (rest.length > 0);
  return result;
}
