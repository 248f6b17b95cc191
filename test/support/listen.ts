import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

/** A program that goes on, and what it prints. */
export interface Listened {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything it has printed so far. */
  text(): string;
  /** Resolves once this has been printed. @throws Error with what was printed, when it ends before. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Listens to both outputs of a program that was just started. */
export function listen(child: ChildProcessWithoutNullStreams): Listened {
  let text = '';
  let heard = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      heard();
    });
  }
  const ended = once(child, 'close');
  return {
    child,
    text: () => text,
    async prints(pattern) {
      for (;;) {
        const found = pattern.exec(text);
        if (found !== null) return found;
        if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with: ${text}`);
        await Promise.race([
          new Promise<void>((resolve) => {
            heard = resolve;
          }),
          ended,
        ]);
      }
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
