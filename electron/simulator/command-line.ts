import { parseArgs } from 'node:util';
import { messageOf } from '../../shared/error-message';
import { findPreset, presets } from './presets';

/** What a person asks `simulate` for. */
export interface SimulateOptions {
  readonly preset: string;
  readonly port?: number;
  readonly kubeconfig?: string;
  readonly data?: string;
  readonly ephemeral: boolean;
  readonly seed?: number;
  readonly speed?: number;
}

/** A fault in how the program was called; its message names the fault. */
export class UsageError extends Error {}

export const usage = `Usage: simulate [--preset NAME] [--port N] [--kubeconfig FILE] [--data DIR | --ephemeral] [--seed N] [--speed N]

Runs a simulated Kubernetes cluster. When it is ready, one line of JSON on standard output says where it is.

  --preset NAME      the cluster to start with (default: course)
${presets.map(({ name, description }) => `                       ${name}: ${description}`).join('\n')}
  --port N           the port on 127.0.0.1; 0 takes a free one (default: the one it had before, or a free one)
  --kubeconfig FILE  where to write the kubeconfig (default: in the data folder)
  --data DIR         where to keep the cluster (default: the platform's folder for applications' data)
  --ephemeral        keep nothing
  --seed N           one seed gives one history
  --speed N          cluster seconds a second (default: 1)
`;

const OPTIONS = {
  preset: { type: 'string', default: 'course' },
  port: { type: 'string' },
  kubeconfig: { type: 'string' },
  data: { type: 'string' },
  ephemeral: { type: 'boolean', default: false },
  seed: { type: 'string' },
  speed: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Reads the arguments after the program's name.
 * @returns `help` when that is what is asked for.
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[]): SimulateOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  for (const name of ['kubeconfig', 'data'] as const) {
    if (values[name] === '') throw new UsageError(`--${name} needs a path`);
  }
  if (values.data !== undefined && values.ephemeral) {
    throw new UsageError('--data and --ephemeral exclude each other: keep the cluster in a folder, or keep nothing');
  }
  const port = wholeNumber('--port', values.port, 65_535);
  const seed = wholeNumber('--seed', values.seed, 2 ** 32 - 1);
  const speed = positiveNumber('--speed', values.speed);
  return {
    preset: presetName(values.preset ?? OPTIONS.preset.default),
    ephemeral: values.ephemeral ?? false,
    ...(port === undefined ? {} : { port }),
    ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }),
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(seed === undefined ? {} : { seed }),
    ...(speed === undefined ? {} : { speed }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false });
  } catch (error) {
    // Node's own text names the option or the argument; what follows it is advice for programmers.
    throw new UsageError(messageOf(error).split('. ')[0] ?? '', { cause: error });
  }
}

function presetName(name: string): string {
  try {
    return findPreset(name).name;
  } catch (error) {
    throw new UsageError(`--preset: ${messageOf(error)}`, { cause: error });
  }
}

function wholeNumber(option: string, text: string | undefined, largest: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= largest) return value;
  throw new UsageError(`${option} needs a whole number from 0 to ${largest}, not "${text}"`);
}

function positiveNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0) return value;
  throw new UsageError(`${option} needs a number above 0, not "${text}"`);
}
