import { debianPrograms } from '../commands';
import type { Program } from '../runtime/process';
import { type Image, versionTags } from './image';

/** The first `digits` significant digits of π (Machin's formula over integers), rounded as bignum does. */
export function piDigits(digits: number): string {
  const guard = 10n;
  const unit = 10n ** (BigInt(digits - 1) + guard);
  const inverseTangent = (x: bigint): bigint => {
    let term = unit / x;
    let sum = term;
    for (let n = 3n, sign = -1n; term !== 0n; n += 2n, sign = -sign) {
      term /= x * x;
      sum += (sign * term) / n;
    }
    return sum;
  };
  const pi = 4n * (4n * inverseTangent(5n) - inverseTangent(239n));
  const rounded = String((pi + 10n ** guard / 2n) / 10n ** guard);
  return digits > 1 ? `${rounded[0]}.${rounded.slice(1)}` : rounded;
}

/** perl, as far as the one-liners of the Kubernetes documentation go: bpi, and print of plain text. */
const perl: Program = async (process) => {
  const args = [...process.arguments];
  if (args.includes('-v')) {
    const version = /^5\.\d+(\.\d+)?/.exec(process.container.config.tag)?.[0] ?? '5.42.0';
    await process.print(
      `\nThis is perl 5, version ${version.split('.')[1]}, (v${version}) built for x86_64-linux-gnu\n`,
    );
    return 0;
  }
  const program = args.findIndex((argument) => /^-[a-zA-Z]*e$/.test(argument));
  const code = program < 0 ? undefined : args[program + 1];
  if (code === undefined) return process.fail('only -e programs run in the simulated image', 2);
  const newline = args.slice(0, program + 1).some((argument) => /^-\w*l/.test(argument)) ? '\n' : '';
  for (const statement of code.split(';').map((part) => part.trim())) {
    const pi = /^print\s*\(?\s*bpi\s*\(\s*(\d+)\s*\)\s*\)?$/.exec(statement);
    const text = /^(?:print|say)\s*\(?\s*(?:"([^"]*)"|'([^']*)')\s*\)?$/.exec(statement);
    const wait = /^sleep\s*\(?\s*(\d+)\s*\)?$/.exec(statement);
    const exit = /^exit\s*\(?\s*(\d*)\s*\)?$/.exec(statement);
    if (pi !== null && args.some((argument) => argument.startsWith('-Mbignum'))) {
      // Real perl computes two thousand digits in a few seconds.
      await process.sleep(Number(pi[1]) * 2);
      await process.print(piDigits(Number(pi[1])) + newline);
    } else if (text !== null) await process.print((text[1] ?? text[2] ?? '').replace(/\\n/g, '\n') + newline);
    else if (wait !== null) await process.sleep(Number(wait[1]) * 1000);
    else if (exit !== null) return Number(exit[1] || 0);
    else if (statement !== '') {
      await process.stderr.write(
        `syntax error at -e line 1, near "${statement}"\nExecution of -e aborted due to compilation errors.\n`,
      );
      return 255;
    }
  }
  return 0;
};

const isVersion = versionTags();

export const perlImage: Image = {
  repository: 'docker.io/library/perl',
  hasTag: (tag) => ['slim', 'threaded'].includes(tag) || isVersion(tag),
  size: 336_374_010,
  command: ['perl', '-de0'],
  programs: { ...debianPrograms, '/usr/local/bin/perl': perl, '/usr/bin/perl': perl },
};
