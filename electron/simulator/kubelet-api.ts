import type { Duplex } from 'node:stream';
import type { Pod } from '../../shared/kubernetes/objects';

/** `PodLogOptions` as the kubelet understands them, already validated. */
export interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly sinceSeconds?: number;
  /** Milliseconds since the epoch. */
  readonly sinceTime?: number;
  readonly tailLines?: number;
  readonly limitBytes?: number;
}

export interface ExecOptions {
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Which streams of a container's main process are wanted. */
export type AttachOptions = Omit<ExecOptions, 'command'>;

/** A process in a container, attached to the caller's streams. */
export interface ExecStreams {
  /** Ends when the caller closes its standard input. Never yields when `stdin` was not asked for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Resolves when the caller can take more. */
  stdout(chunk: Uint8Array): Promise<void>;
  stderr(chunk: Uint8Array): Promise<void>;
  /** Calls back with each new size of the caller's terminal. */
  onResize(handler: (size: { width: number; height: number }) => void): void;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
}

/** What something used on average over a while. */
export interface Usage {
  /** Of a core. */
  readonly nanocores: number;
  /** The working set. */
  readonly bytes: number;
}

/** What a running container uses. */
export interface ContainerUsage extends Usage {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Cluster time in milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What a machine uses altogether, and each container on it. */
export interface NodeUsage {
  readonly node: Usage;
  readonly containers: readonly ContainerUsage[];
}

/** What a node's kubelet serves on its port 10250. The API server is its only caller. */
export interface KubeletApi {
  /**
   * A container's output, in chunks; goes on until the container ends when `follow` is set.
   * @throws StatusError 400 when the container has not started yet, 404 when its log is gone.
   */
  logs(pod: Pod, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Looks for a running container.
   * @throws StatusError 404 when its pod is not known, 500 when it does not run.
   */
  find(pod: Pod, container: string): void;
  /**
   * Runs a command in a container.
   * @returns its exit code.
   * @throws StatusError when the container is not running or the command cannot be started.
   */
  exec(pod: Pod, options: ExecOptions, streams: ExecStreams): Promise<number>;
  /**
   * Joins the caller's streams to a container's main process, until that ends or the caller is gone.
   * @throws StatusError when the container is not running.
   */
  attach(pod: Pod, options: AttachOptions, streams: ExecStreams): Promise<void>;
  /**
   * Connects to a TCP port in a pod.
   * @param remoteAddress the caller's, as the pod sees it.
   * @returns the caller's end.
   * @throws ConnectionRefused when nobody listens there.
   */
  dial(pod: Pod, port: number, remoteAddress: string): Duplex;
  /** `/metrics/resource`. @param at cluster time in milliseconds since the epoch, not in the future. */
  usage(at: number): NodeUsage;
}

/** Nobody listens at a port. */
export class ConnectionRefused extends Error {
  constructor(address: string, port: number) {
    super(`dial tcp ${address}:${port}: connect: connection refused`);
    this.name = 'ConnectionRefused';
  }
}

/** Finds the kubelet of a node; `undefined` when the node is not there or does not answer. */
export type KubeletConnector = (nodeName: string) => KubeletApi | undefined;
