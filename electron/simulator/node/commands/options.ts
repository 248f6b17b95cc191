/** Command-line arguments taken apart as getopt does. */
export interface ParsedOptions {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/**
 * @param withValue the options that take a value, such as `n` or `lines`.
 */
export function parseOptions(args: readonly string[], withValue: readonly string[] = []): ParsedOptions {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? '';
    if (argument === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (/^-\d+$/.test(argument) && withValue.includes('n')) {
      // `head -3` for `head -n 3`.
      values.set('n', argument.slice(1));
    } else if (argument.startsWith('--')) {
      const [name = '', value] = argument.slice(2).split(/=(.*)/s);
      if (value !== undefined) values.set(name, value);
      else if (withValue.includes(name)) values.set(name, args[++i] ?? '');
      else flags.add(name);
    } else if (/^-./.test(argument)) {
      for (let at = 1; at < argument.length; at++) {
        const letter = argument[at] ?? '';
        if (!withValue.includes(letter)) {
          flags.add(letter);
          continue;
        }
        const rest = argument.slice(at + 1);
        values.set(letter, rest === '' ? (args[++i] ?? '') : rest);
        break;
      }
    } else operands.push(argument);
  }
  return { flags, values, operands };
}
