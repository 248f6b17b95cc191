/** Where the simulator's parts write what a person running it should know. Never to standard output. */
export interface Log {
  info(message: string): void;
  error(message: string, error?: unknown): void;
}

/** Drops everything: for tests that do not look at it. */
export const silentLog: Log = { info: () => {}, error: () => {} };

/** One line an entry on standard error. */
export const stderrLog: Log = {
  info: (message) => process.stderr.write(`${new Date().toISOString()} ${message}\n`),
  error: (message, error) =>
    process.stderr.write(
      `${new Date().toISOString()} error: ${message}${error === undefined ? '' : `: ${describe(error)}`}\n`,
    ),
};

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
