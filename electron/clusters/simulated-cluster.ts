import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatorState } from '../../shared/contract/app';
import { messageOf } from '../../shared/error-message';
import type { HostedProcess, ProcessHost } from './host';
import { Topic } from './topic';

export interface SimulatedClusterOptions {
  readonly preset: string;
  /** Where its kubeconfig and, unless `ephemeral`, its data are kept. */
  readonly folder: string;
  readonly ephemeral: boolean;
  /** Absent: the one it had before, or a free one. */
  readonly port?: number;
}

interface ReadyLine {
  readonly ready: true;
  readonly server: string;
  readonly kubeconfig: string;
  readonly notice?: string;
}

/** The simulated cluster that the app carries, in a process of its own; reached like any other, by its kubeconfig. */
export class SimulatedCluster {
  readonly state = new Topic<SimulatorState>({ state: 'starting' });
  private readonly host: ProcessHost<unknown>;
  private readonly options: SimulatedClusterOptions;
  private readonly register: (kubeconfig: string) => string | undefined;
  private running: HostedProcess<unknown> | undefined;
  private stopping = false;

  /** `register` lists the cluster's kubeconfig in the catalog and returns its context's id. */
  constructor(
    host: ProcessHost<unknown>,
    options: SimulatedClusterOptions,
    register: (kubeconfig: string) => string | undefined,
  ) {
    this.host = host;
    this.options = options;
    this.register = register;
  }

  /** Starts it, unless it runs. What goes wrong becomes its state. */
  start(): void {
    if (this.running !== undefined || this.stopping) return;
    this.state.set({ state: 'starting' });
    try {
      const { preset, folder, ephemeral, port } = this.options;
      mkdirSync(folder, { recursive: true });
      const storage = ephemeral ? ['--ephemeral'] : ['--data', join(folder, 'data')];
      this.running = this.host.start('simulate', [
        ...['--preset', preset, '--kubeconfig', join(folder, 'kubeconfig')],
        ...storage,
        ...(port === undefined ? [] : ['--port', String(port)]),
      ]);
    } catch (error) {
      this.state.set({ state: 'failed', message: messageOf(error) });
      return;
    }
    this.running.onLine((line) => this.heard(line));
    this.running.onExit((reason) => {
      this.running = undefined;
      if (!this.stopping) this.state.set({ state: 'failed', message: reason });
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running?.stop();
  }

  private heard(line: string): void {
    const ready = readyLineOf(line);
    if (ready === undefined) return;
    const { server, kubeconfig, notice } = ready;
    const contextId = this.register(kubeconfig);
    if (contextId === undefined) {
      this.state.set({ state: 'failed', message: `its kubeconfig ${kubeconfig} has no context in it` });
      return;
    }
    const said = notice === undefined ? {} : { notice };
    this.state.set({ state: 'running', contextId, kubeconfig, server, ...said });
  }
}

function readyLineOf(line: string): ReadyLine | undefined {
  try {
    const parsed: ReadyLine | null = JSON.parse(line);
    return parsed?.ready === true ? parsed : undefined;
  } catch {
    // Something else was printed.
    return undefined;
  }
}
