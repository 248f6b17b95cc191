import type { KubeConfig } from '@kubernetes/client-node/dist/config';
import type { ConnectionState } from '../../../shared/contract/connection';
import { messageOf } from '../../../shared/error-message';
import { Topic } from '../topic';
import { type Backoff, exponentialBackoff, pause } from './backoff';
import { connectionFailure } from './failures';
import { Requests } from './requests';

export interface ConnectionOptions {
  readonly backoff?: Backoff;
  /** How long a server may take to begin its answer. Milliseconds. */
  readonly answerTimeout?: number;
}

/**
 * The connection to one cluster: its state, and requests while it holds. It tries again by itself while nobody answers;
 * where a person has to act (certificate, credentials) it waits for {@link reconnect}.
 */
export class Connection {
  readonly state = new Topic<ConnectionState>({ state: 'connecting' });
  private readonly load: () => KubeConfig;
  private readonly options: ConnectionOptions;
  private readonly backoff: Backoff;
  private readonly ended = new AbortController();
  private current: Requests | undefined;
  private checking: Promise<void> | undefined;
  private wake: (() => void) | undefined;
  private again = false;

  /** `load` reads the kubeconfig; it is called again before each attempt, since credentials may have been renewed. */
  constructor(load: () => KubeConfig, options: ConnectionOptions = {}) {
    this.load = load;
    this.options = options;
    this.backoff = options.backoff ?? exponentialBackoff(1000, 30_000);
  }

  /** Requests with the newest credentials. @throws Error when the kubeconfig cannot be used. */
  get requests(): Requests {
    this.current ??= new Requests(this.load(), this.options.answerTimeout);
    return this.current;
  }

  /** The context's namespace. */
  get namespace(): string {
    return this.requests.namespace;
  }

  /** Checks whether the cluster answers, and keeps on until it does. One check runs at a time. */
  check(): void {
    this.checking ??= this.untilAnswered().finally(() => {
      this.checking = undefined;
      if (this.again) this.reconnect();
    });
  }

  /** Checks at once, with the kubeconfig as it is now. */
  reconnect(): void {
    if (this.wake !== undefined) {
      this.wake();
      return;
    }
    // A check under way may have read the old kubeconfig: another one follows it.
    this.again = this.checking !== undefined;
    if (this.again) return;
    this.renew();
    if (this.state.value.state !== 'connected') this.state.set({ state: 'connecting' });
    this.check();
  }

  /** The kubeconfig has changed: later requests use it, and what failed with the old one is tried again. */
  reload(): void {
    if (this.state.value.state === 'connected') this.current = undefined;
    else this.reconnect();
  }

  /** Told by whoever made a request that failed: the connection may be gone. Returns whether that may be so. */
  doubt(error: unknown): boolean {
    if (this.current === undefined || connectionFailure(error, this.current.server) === undefined) return false;
    this.check();
    return true;
  }

  /** Waits until the cluster answers; false when the signal came first. */
  async connected(signal: AbortSignal): Promise<boolean> {
    for await (const state of this.state.stream(signal)) if (state.state === 'connected') return true;
    return false;
  }

  close(): void {
    this.ended.abort();
    this.current?.close();
  }

  private renew(): void {
    this.current?.close();
    this.current = undefined;
  }

  private async untilAnswered(): Promise<void> {
    for (let failures = 1; !this.ended.signal.aborted; failures += 1) {
      const next = await this.attempt();
      if (this.ended.signal.aborted) return;
      if (next.state !== 'unreachable') {
        this.state.set(next);
        return;
      }
      const delay = this.backoff.delay(failures);
      this.state.set({ ...next, nextTry: Date.now() + delay });
      await pause(delay, this.ended.signal, (wake) => {
        this.wake = wake;
      });
      this.wake = undefined;
      this.renew();
    }
  }

  private async attempt(): Promise<Exclude<ConnectionState, { state: 'unreachable' }> | Unreachable> {
    let server: URL;
    try {
      server = this.requests.server;
    } catch (error) {
      return { state: 'unauthorized', message: messageOf(error) };
    }
    try {
      const version = await this.requests.getJson<{ gitVersion?: string }>('/version', this.ended.signal);
      return { state: 'connected', version: version.gitVersion ?? '', server: server.href };
    } catch (error) {
      const failure = connectionFailure(error, server);
      // Whoever is refused the version (403) is talking to a cluster all the same.
      return failure ?? { state: 'connected', version: '', server: server.href };
    }
  }
}

interface Unreachable {
  readonly state: 'unreachable';
  readonly message: string;
}
