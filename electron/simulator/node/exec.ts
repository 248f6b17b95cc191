import { StatusError } from '../../../shared/kubernetes/status-error';
import type { AttachOptions, ExecOptions, ExecStreams } from '../kubelet-api';
import { ByteDecoder, bytesOf } from './runtime/bytes';
import { type ContainerInstance, StartError } from './runtime/container';
import type { Process } from './runtime/process';
import { emptyInput, type Input, nullOutput, type Output } from './runtime/streams';
import { Terminal } from './terminal';

/** Runs a further command in a running container. @returns its exit code. @throws StatusError when it cannot start. */
export async function execIn(instance: ContainerInstance, options: ExecOptions, streams: ExecStreams): Promise<number> {
  const stdout = output(options.stdout, (chunk) => streams.stdout(chunk));
  const stderr = output(options.stderr, (chunk) => streams.stderr(chunk));
  const stdin = options.stdin ? inputFrom(streams.stdin) : emptyInput;
  const before = new Set(instance.processes.keys());
  // Ctrl-C goes to what the terminal's shell is running, not to the shell.
  const interrupt = () => {
    const own = [...instance.processes.values()].filter(({ pid }) => !before.has(pid));
    for (const process of own.slice(1)) process.deliver('SIGINT');
  };
  const terminal = options.tty ? new Terminal(stdin, stdout, interrupt) : undefined;
  let started: { process: Process; exited: Promise<number> };
  try {
    started = instance.spawn(options.command, {
      stdin: terminal ?? stdin,
      stdout: terminal?.output ?? stdout,
      stderr: terminal?.output ?? stderr,
      tty: options.tty,
    });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw cannotExec(error.message);
  }
  const abort = () => started.process.deliver('SIGKILL');
  streams.signal.addEventListener('abort', abort);
  try {
    if (streams.signal.aborted) abort();
    return await started.exited;
  } finally {
    streams.signal.removeEventListener('abort', abort);
  }
}

const output = (wanted: boolean, write: (chunk: Uint8Array) => Promise<void>): Output =>
  wanted ? { write: (text) => (text === '' ? undefined : write(bytesOf(text))) } : nullOutput;

/** Shows a caller what a container's main process writes from now on, and types what the caller sends. */
export async function attachTo(
  instance: ContainerInstance,
  options: AttachOptions,
  streams: ExecStreams,
): Promise<void> {
  const { console } = instance;
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const detach = console.attach({
    stdout: output(options.stdout, (chunk) => streams.stdout(chunk)),
    stderr: output(options.stderr, (chunk) => streams.stderr(chunk)),
    lost: leave,
  });
  streams.signal.addEventListener('abort', leave);
  try {
    if (streams.signal.aborted) return;
    // What is typed when the process is over is nobody's.
    if (options.stdin) console.type(inputFrom(streams.stdin)).catch(leave);
    instance.onEnd(leave);
    await left;
  } finally {
    streams.signal.removeEventListener('abort', leave);
    detach();
  }
}

function inputFrom(chunks: AsyncIterable<Uint8Array>): Input {
  const iterator = chunks[Symbol.asyncIterator]();
  const decoder = new ByteDecoder();
  return {
    read: async () => {
      for (;;) {
        const next = await iterator.next();
        const text = next.done === true ? decoder.end() : decoder.decode(next.value);
        if (text !== '') return text;
        if (next.done === true) return undefined;
      }
    },
  };
}

function cannotExec(fault: string): StatusError {
  const message = `error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: ${fault}`;
  return new StatusError({
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
    code: 500,
  });
}
