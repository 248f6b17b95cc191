import { StartError } from '../runtime/container';
import type { ShellState, Streams } from './control';

/**
 * Runs a program to its end, with what the shell exports as its environment.
 * @param extra variables for this program alone.
 * @param pid the process number to take; absent: a new one.
 * @returns its exit code; 126 or 127 when it cannot be started, which is told on standard error.
 */
export async function runProgram(
  shell: ShellState,
  argv: readonly string[],
  streams: Streams,
  extra: ReadonlyMap<string, string>,
  pid?: number,
): Promise<number> {
  const environment = new Map<string, string>();
  for (const name of shell.exported) {
    const value = shell.variables.get(name);
    if (value !== undefined) environment.set(name, value);
  }
  for (const [name, value] of extra) environment.set(name, value);
  const { container, tty } = shell.process;
  let child: ReturnType<typeof container.spawn>;
  try {
    child = container.spawn(argv, {
      ...streams,
      environment,
      cwd: shell.cwd,
      tty,
      ...(pid === undefined ? {} : { pid }),
    });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const denied = error.message.endsWith('permission denied');
    await shell.complain(`${argv[0] ?? ''}: ${denied ? 'Permission denied' : 'not found'}`, streams);
    return denied ? 126 : 127;
  }
  try {
    return await shell.process.wait(child.exited);
  } catch (error) {
    child.process.deliver('SIGKILL');
    throw error;
  }
}
