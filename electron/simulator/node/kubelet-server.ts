import type { Duplex } from 'node:stream';
import type { Pod } from '../../../shared/kubernetes/objects';
import { StatusError } from '../../../shared/kubernetes/status-error';
import {
  type AttachOptions,
  ConnectionRefused,
  type ExecOptions,
  type ExecStreams,
  type KubeletApi,
  type LogOptions,
  type NodeUsage,
} from '../kubelet-api';
import type { ContainerRecord } from './container-record';
import { attachTo, execIn } from './exec';
import { bytesOf } from './runtime/bytes';
import { dial } from './runtime/listener';
import { nodeUsage, type RunningPod } from './usage';

/** What a kubelet answers on its port (pkg/kubelet/server), given how it finds a pod's containers. */
export class KubeletServer implements KubeletApi {
  readonly #recordsOf: (pod: Pod) => readonly ContainerRecord[] | undefined;
  readonly #running: () => Iterable<RunningPod>;
  readonly #now: () => number;

  /** @param running all pods of the node. */
  constructor(
    recordsOf: (pod: Pod) => readonly ContainerRecord[] | undefined,
    running: () => Iterable<RunningPod>,
    now: () => number,
  ) {
    this.#recordsOf = recordsOf;
    this.#running = running;
    this.#now = now;
  }

  usage(at: number): NodeUsage {
    return nodeUsage(this.#running(), at);
  }

  async *logs(pod: Pod, options: LogOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const record = this.#record(pod, options.container);
    const log = this.#log(pod, record, options.previous);
    if (log === undefined) {
      yield bytesOf(`unable to retrieve container logs for ${record.containerID}`);
      return;
    }
    const { sinceSeconds, sinceTime, tailLines, limitBytes, timestamps, follow } = options;
    const since = sinceSeconds === undefined ? sinceTime : this.#now() - sinceSeconds * 1000;
    const read = log.read(
      {
        timestamps,
        follow,
        ...(since === undefined ? {} : { since }),
        ...(tailLines === undefined ? {} : { tailLines }),
        ...(limitBytes === undefined ? {} : { limitBytes }),
      },
      signal,
    );
    for await (const text of read) yield bytesOf(text);
  }

  find(pod: Pod, container: string): void {
    this.#instance(pod, container);
  }

  async exec(pod: Pod, options: ExecOptions, streams: ExecStreams): Promise<number> {
    return execIn(this.#instance(pod, options.container), options, streams);
  }

  attach(pod: Pod, options: AttachOptions, streams: ExecStreams): Promise<void> {
    return attachTo(this.#instance(pod, options.container), options, streams);
  }

  dial(pod: Pod, port: number, remoteAddress: string): Duplex {
    // All containers of a pod share its ports.
    const running = this.#recordsOf(pod)?.find(({ instance }) => instance !== undefined)?.instance;
    const connection = dial(running?.config.sandbox.listeners.get(port), remoteAddress);
    if (connection === undefined) throw new ConnectionRefused(pod.status?.podIP ?? '', port);
    return connection;
  }

  #instance(pod: Pod, container: string) {
    const records = this.#recordsOf(pod);
    if (records === undefined) throw failure(404, 'NotFound', 'pod does not exist');
    const instance = records.find(({ spec }) => spec.name === container)?.instance;
    if (instance === undefined) throw failure(500, 'InternalError', `container not found ("${container}")`);
    return instance;
  }

  #record(pod: Pod, container: string): ContainerRecord {
    const { name, namespace } = pod.metadata;
    const records = this.#recordsOf(pod);
    if (records === undefined) throw failure(404, 'NotFound', `pod "${namespace}/${name}" not found`);
    const record = records.find(({ spec }) => spec.name === container);
    if (record === undefined) {
      throw failure(400, 'BadRequest', `container "${container}" in pod "${name}" is not available`);
    }
    return record;
  }

  /** pkg/kubelet/kubelet_pods.go, validateContainerLogStatus. `undefined`: the log is no longer there. */
  #log(pod: Pod, record: ContainerRecord, previous: boolean) {
    const { state, last, log, previousLog } = record;
    const name = pod.metadata.name;
    const container = record.spec.name;
    if (previous) {
      if (last === undefined) {
        throw failure(400, 'BadRequest', `previous terminated container "${container}" in pod "${name}" not found`);
      }
      return state.waiting === undefined ? previousLog : log;
    }
    if (state.waiting === undefined || last !== undefined) return log;
    const reasons: Record<string, string> = {
      ErrImagePull: "image can't be pulled",
      ImagePullBackOff: 'trying and failing to pull image',
    };
    const reason = state.waiting.reason ?? '';
    const why = reasons[reason] ?? reason;
    throw failure(400, 'BadRequest', `container "${container}" in pod "${name}" is waiting to start: ${why}`);
  }
}

function failure(code: number, reason: string, message: string): StatusError {
  return new StatusError({ apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', message, reason, code });
}
