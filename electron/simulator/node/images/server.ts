import type { HttpRequest, HttpResponse } from '../runtime/listener';
import type { Process, Program, Signal } from '../runtime/process';

/** What most servers do: say some lines, open their ports, and wait until they are told to stop. */
export interface ServerBehaviour {
  /** Milliseconds from start to open ports. */
  readonly startup?: number;
  readonly ports?:
    | readonly { port: number; protocol?: 'TCP' | 'UDP' }[]
    | ((process: Process) => readonly { port: number; protocol?: 'TCP' | 'UDP' }[]);
  /** Lines for the log, written as the server starts. */
  banner?(process: Process): readonly string[];
  /** Whether the banner goes to standard error. */
  readonly bannerTo?: 'stdout' | 'stderr';
  /** Answers a request and may log a line. */
  http?(request: HttpRequest, process: Process, log: (line: string) => void): HttpResponse;
  /** Lines written on the way out. */
  goodbye?(process: Process, signal: Signal): readonly string[];
  /** Milliseconds from the signal to the exit. */
  readonly shutdown?: number;
  readonly exitCode?: number;
  /** Signals that end it; the default is SIGTERM, SIGINT and SIGQUIT. */
  readonly signals?: readonly Signal[];
  /** Goes on beside the waiting, such as a line for the log now and then. */
  background?(process: Process, log: (line: string) => void): Promise<void>;
}

const ENDING: readonly Signal[] = ['SIGTERM', 'SIGINT', 'SIGQUIT'];

/** A program that serves. */
export function server(behaviour: ServerBehaviour): Program {
  return async (process) => {
    const to = behaviour.bannerTo === 'stderr' ? process.stderr : process.stdout;
    const log = (line: string) => void to.write(`${line}\n`);
    const stopped = new Promise<Signal>((resolve) => process.onSignal(behaviour.signals ?? ENDING, resolve));
    if (behaviour.startup !== undefined) await process.sleep(behaviour.startup);
    for (const line of behaviour.banner?.(process) ?? []) log(line);
    const { http } = behaviour;
    const ports = typeof behaviour.ports === 'function' ? behaviour.ports(process) : (behaviour.ports ?? []);
    for (const { port, protocol = 'TCP' } of ports) {
      process.container.listen({
        port,
        protocol,
        ...(http === undefined ? {} : { http: (request: HttpRequest) => http(request, process, log) }),
      });
    }
    const background = behaviour.background?.(process, log);
    const signal = await process.wait(
      background === undefined ? stopped : Promise.race([stopped, background.then(() => stopped)]),
    );
    for (const line of behaviour.goodbye?.(process, signal) ?? []) log(line);
    await process.sleep(behaviour.shutdown ?? 50);
    return behaviour.exitCode ?? 0;
  };
}

/** Two digits of a date's part. */
const two = (value: number) => String(value).padStart(2, '0');

/** `02/Jan/2026:15:04:05 +0000`, as access logs have it. */
export function accessLogTime(now: number): string {
  const date = new Date(now);
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][
    date.getUTCMonth()
  ];
  return `${two(date.getUTCDate())}/${month}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}

/** klog's line head: `I0102 15:04:05.000000       1 file.go:1]`. */
export function klogHead(now: number, source: string): string {
  const date = new Date(now);
  const day = `${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`;
  return `I${day} ${date.toISOString().slice(11, 23)}000       1 ${source}]`;
}
