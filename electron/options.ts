import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What the app is told on its command line. */
export interface CommandLine {
  readonly simulator: 'on' | 'off' | 'ephemeral';
  /** Instead of a folder in the app's own. */
  readonly simulatorData?: string;
  /** Absent: the one it had before, or a free one. */
  readonly simulatorPort?: number;
  readonly preset: string;
  readonly userDataDir?: string;
  /** Of the server for a browser; 0, the default, for a free one. */
  readonly port: number;
}

/**
 * Reads the command line. Options that are not ours are left alone: Electron and Chromium have theirs on the same line.
 *
 * @throws Error for a value that makes no sense.
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      simulator: { type: 'string' },
      'simulator-data': { type: 'string' },
      'simulator-port': { type: 'string' },
      preset: { type: 'string' },
      'user-data-dir': { type: 'string' },
      port: { type: 'string' },
    },
  });
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const simulator = text('simulator') ?? 'on';
  if (simulator !== 'on' && simulator !== 'off' && simulator !== 'ephemeral') {
    throw new Error(`--simulator is "on", "off" or "ephemeral", not "${simulator}"`);
  }
  const simulatorData = text('simulator-data');
  const simulatorPort = portOf('simulator-port', text('simulator-port'));
  const userDataDir = text('user-data-dir');
  return {
    simulator,
    preset: text('preset') ?? 'course',
    port: portOf('port', text('port')) ?? 0,
    ...(simulatorPort === undefined ? {} : { simulatorPort }),
    ...(simulatorData === undefined ? {} : { simulatorData: resolve(simulatorData) }),
    ...(userDataDir === undefined ? {} : { userDataDir: resolve(userDataDir) }),
  };
}

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--${name} is a port, not "${text}"`);
  return port;
}
