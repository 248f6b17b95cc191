import type { Timer } from '../clock';
import type { ContainerRecord } from './container-record';
import { type ContainerInstance, StartError } from './runtime/container';
import type { Probe } from './types';

/** What a probe's outcome changes. */
export interface ProbeHandlers {
  /** A probe failed once. `kind` as in the event: `Liveness`. */
  failed(kind: string, output: string): void;
  /** Started, or ready, or no longer ready. */
  changed(): void;
  /** Liveness or startup is lost: the container must be restarted. */
  restart(kind: 'liveness' | 'startup'): void;
}

type Kind = 'startup' | 'readiness' | 'liveness';

interface Worker {
  readonly kind: Kind;
  readonly probe: Probe;
  successes: number;
  failures: number;
  timer: Timer | undefined;
}

/** The probes of one run of one container (pkg/kubelet/prober): the startup probe holds the others back. */
export class ProbeRunner {
  readonly #instance: ContainerInstance;
  readonly #record: ContainerRecord;
  readonly #handlers: ProbeHandlers;
  readonly #started: number;
  readonly #workers: Worker[] = [];
  #stopped = false;

  constructor(record: ContainerRecord, instance: ContainerInstance, handlers: ProbeHandlers) {
    this.#record = record;
    this.#instance = instance;
    this.#handlers = handlers;
    this.#started = instance.clock.now();
    const { startupProbe, readinessProbe } = record.spec;
    record.started = startupProbe === undefined;
    record.ready = startupProbe === undefined && readinessProbe === undefined;
    if (startupProbe !== undefined) this.#schedule(this.#worker('startup', startupProbe));
    else this.#startOthers();
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#workers) timer?.cancel();
  }

  #startOthers(): void {
    const { readinessProbe, livenessProbe } = this.#record.spec;
    if (readinessProbe !== undefined) this.#schedule(this.#worker('readiness', readinessProbe));
    if (livenessProbe !== undefined) this.#schedule(this.#worker('liveness', livenessProbe));
  }

  #worker(kind: Kind, probe: Probe): Worker {
    const worker = { kind, probe, successes: 0, failures: 0, timer: undefined };
    this.#workers.push(worker);
    return worker;
  }

  #schedule(worker: Worker): void {
    const { clock } = this.#instance;
    const delay = this.#started + (worker.probe.initialDelaySeconds ?? 0) * 1000 - clock.now();
    // The prober's workers tick at their own rhythm; the first look comes a moment after the start.
    worker.timer = clock.setTimeout(() => void this.#run(worker), Math.max(delay, 100));
  }

  async #run(worker: Worker): Promise<void> {
    const { kind, probe } = worker;
    const outcome = await runProbe(this.#instance, probe);
    if (this.#stopped) return;
    if (outcome.success) {
      worker.successes++;
      worker.failures = 0;
      if (worker.successes >= (probe.successThreshold ?? 1)) this.#succeeded(kind);
    } else {
      worker.failures++;
      worker.successes = 0;
      this.#handlers.failed(kind.charAt(0).toUpperCase() + kind.slice(1), outcome.output);
      if (worker.failures >= (probe.failureThreshold ?? 3)) {
        if (kind !== 'readiness') {
          this.stop();
          this.#handlers.restart(kind);
          return;
        }
        if (this.#record.ready) {
          this.#record.ready = false;
          this.#handlers.changed();
        }
      }
    }
    if (this.#stopped || (kind === 'startup' && this.#record.started)) return;
    const period = (probe.periodSeconds ?? 10) * 1000;
    worker.timer = this.#instance.clock.setTimeout(() => void this.#run(worker), period);
  }

  #succeeded(kind: Kind): void {
    const record = this.#record;
    if (kind === 'startup' && !record.started) {
      record.started = true;
      record.ready = record.spec.readinessProbe === undefined;
      this.#startOthers();
      this.#handlers.changed();
    } else if (kind === 'readiness' && !record.ready) {
      record.ready = true;
      this.#handlers.changed();
    }
  }
}

interface Outcome {
  readonly success: boolean;
  readonly output: string;
}

/** Runs a probe once, with its time-out. */
async function runProbe(instance: ContainerInstance, probe: Probe): Promise<Outcome> {
  const seconds = probe.timeoutSeconds ?? 1;
  let timer: Timer | undefined;
  const expired = new Promise<Outcome>((resolve) => {
    timer = instance.clock.setTimeout(
      () =>
        resolve({
          success: false,
          output:
            probe.exec === undefined
              ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
              : `command timed out: "${(probe.exec.command ?? []).join(' ')}" timed out after ${seconds}s`,
        }),
      seconds * 1000,
    );
  });
  try {
    return await Promise.race([perform(instance, probe), expired]);
  } finally {
    timer?.cancel();
  }
}

async function perform(instance: ContainerInstance, probe: Probe): Promise<Outcome> {
  const { ip } = instance.config.sandbox;
  if (probe.exec !== undefined) return performExec(instance, probe.exec.command ?? []);
  const asked = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port ?? 0;
  const port = portNumber(instance, asked);
  const listener = instance.config.sandbox.listeners.get(port);
  if (probe.httpGet === undefined) {
    if (listener !== undefined) return { success: true, output: '' };
    const kind = probe.grpc === undefined ? '' : 'timeout: failed to connect service ';
    return {
      success: false,
      output: kind === '' ? `dial tcp ${ip}:${port}: connect: connection refused` : `${kind}"${ip}:${port}" within 1s`,
    };
  }
  const path = probe.httpGet.path ?? '/';
  const scheme = (probe.httpGet.scheme ?? 'HTTP').toLowerCase();
  const url = `${scheme}://${probe.httpGet.host ?? ip}:${port}${path}`;
  if (listener === undefined) {
    return { success: false, output: `Get "${url}": dial tcp ${ip}:${port}: connect: connection refused` };
  }
  if (listener.http === undefined) return { success: false, output: `Get "${url}": EOF` };
  const headers: Record<string, string> = { 'user-agent': 'kube-probe/1.35' };
  for (const { name, value } of probe.httpGet.httpHeaders ?? []) headers[name.toLowerCase()] = value;
  const answer = await listener.http({ method: 'GET', path, headers, body: '', remoteAddress: '10.244.0.1' });
  if (answer.status >= 200 && answer.status < 400) return { success: true, output: answer.body };
  return { success: false, output: `HTTP probe failed with statuscode: ${answer.status}` };
}

function portNumber(instance: ContainerInstance, port: number | string): number {
  if (typeof port === 'number') return port;
  return instance.config.ports.get(port) ?? Number(port);
}

async function performExec(instance: ContainerInstance, command: readonly string[]): Promise<Outcome> {
  let output = '';
  const sink = {
    write: (text: string) => {
      output += text;
    },
  };
  try {
    const code = await instance.spawn(command, { stdout: sink, stderr: sink }).exited;
    return { success: code === 0, output: output.slice(0, 10_240) };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { success: false, output: `rpc error: code = Unknown desc = failed to exec in container: ${error.message}` };
  }
}
