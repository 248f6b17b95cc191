import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { messageOf } from '../../../../shared/error-message';
import type { Pod, Status } from '../../../../shared/kubernetes/objects';
import { pods } from '../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../shared/kubernetes/status-error';
import type { KubeletApi, KubeletConnector } from '../../kubelet-api';
import type { Api } from '../api';
import { admitConnection, refuseDryRun } from '../http/connect';
import type { Exchange } from '../http/exchange';
import { flag } from '../http/list-options';
import { get } from '../registry/read';
import { badRequest, failure, internalError, unknownPath } from '../status-errors';
import { Channels } from './channels';
import { chosenContainer } from './container-choice';
import { type ProcessOptions, processOptions, runProcess, takenOptions, translated } from './exec';
import { hostOf, type KubeletLocation, kubeletAt } from './kubelet';
import { KubeletRefusal } from './kubelet-refusal';
import { forwardChannels, forwardedPorts, forwardPorts } from './port-forward';
import { SpdySession } from './spdy/session';
import { CLOSABLE_CHANNELS, PORT_CHANNELS, PORT_STREAMS, PROCESS_CHANNELS, PROCESS_STREAMS } from './subprotocols';

/** What is spoken over a connection that has been upgraded, once the kubelet has taken it up. */
export interface Conversation {
  /** Subprotocols over WebSocket. */
  readonly channels: readonly string[];
  readonly overChannels: (socket: WebSocket, protocol: string) => Promise<void>;
  /** Subprotocols over SPDY. */
  readonly streams: readonly string[];
  readonly overStreams: (transport: Duplex, protocol: string) => Promise<void>;
}

/** A conversation as far as the API server itself looks at it. */
export interface AskedConversation {
  /** For processes: what the API server speaks by itself, whatever the kubelet says. */
  readonly translating?: (socket: WebSocket) => Promise<void>;
  /** Whether SPDY may be tunneled through a WebSocket. */
  readonly tunneling: boolean;
  /**
   * Asks the kubelet to take it up.
   * @param overWebSocket whether it is asked with a WebSocket.
   * @throws KubeletRefusal, or StatusError 500 when it does not answer.
   */
  take(overWebSocket: boolean): Conversation;
}

/** Whom a pod sees when its kubelet connects to it. */
const LOOPBACK = '127.0.0.1';

/**
 * Checks everything that the API server checks by itself (pkg/registry/core/pod/strategy.go, `streamLocation`).
 * @throws StatusError 400, 403 or 404, or 500 when a node has no address.
 */
export async function conversation(
  api: Api,
  kubelets: KubeletConnector,
  exchange: Exchange,
): Promise<AskedConversation> {
  const { info, query } = exchange;
  const { subresource } = info;
  if (info.group !== '' || info.resource !== 'pods') throw unknownPath();
  if (subresource !== 'exec' && subresource !== 'attach' && subresource !== 'portforward') throw unknownPath();
  refuseDryRun(exchange);
  const registry = api.registry(pods);
  const ports = subresource === 'portforward' ? askedPorts(query) : [];
  await admitConnection(
    registry,
    exchange,
    subresource === 'portforward'
      ? { kind: 'PodPortForwardOptions', ...(ports.length > 0 && { ports }) }
      : { kind: subresource === 'exec' ? 'PodExecOptions' : 'PodAttachOptions', ...askedStreams(query) },
  );
  // A WebSocket begins with a GET, but whoever runs commands must be allowed to create them.
  api.authorize({ ...info, user: exchange.user, verb: 'create' });
  const pod: Pod = get(registry, info.namespace, info.name).object;
  if (subresource === 'portforward') return aboutPorts(api, pod, ports, kubeletAt(api, kubelets, info, hostOf(pod)));
  const container = chosenContainer(pod, query.get('container'));
  const options = processOptions(query, container, subresource === 'exec' ? query.getAll('command') : undefined);
  return aboutProcess(api, pod, options, kubeletAt(api, kubelets, info, hostOf(pod)));
}

function aboutPorts(api: Api, pod: Pod, ports: readonly number[], location: KubeletLocation): AskedConversation {
  return {
    tunneling: true,
    take(overWebSocket) {
      const kubelet = reached(location);
      const forwarded = overWebSocket ? forwardedPorts(ports) : [];
      const target = {
        dial: (port: number) => kubelet.dial(pod, port, LOOPBACK),
        place: pod.metadata.uid ?? '',
      };
      return {
        channels: PORT_CHANNELS,
        overChannels: (socket, protocol) => forwardChannels(socket, protocol, forwarded, target),
        streams: PORT_STREAMS,
        overStreams: (transport) => forwardPorts(transport, target, api.environment.clock),
      };
    },
  };
}

function aboutProcess(api: Api, pod: Pod, options: ProcessOptions, location: KubeletLocation): AskedConversation {
  const take = (kubelet: KubeletApi) => {
    const taken = takenOptions(options);
    kubelet.find(pod, taken.container);
    return taken;
  };
  return {
    tunneling: false,
    async translating(socket) {
      const channels = new Channels(socket, CLOSABLE_CHANNELS, options);
      let status: Status;
      try {
        const kubelet = location.dial();
        status = translated(
          await runProcess(
            kubelet,
            pod,
            refusing(() => take(kubelet)),
            channels,
          ),
        );
      } catch (error) {
        const why = messageOf(error);
        const url = `https://${location.hostname}:${location.port}${pathOf(pod, options)}`;
        status = internalError(
          error instanceof KubeletRefusal
            ? `unable to upgrade connection: ${why}`
            : `error sending request: Post "${url}": ${why}`,
        ).status;
      }
      await channels.finish(status);
    },
    take() {
      const kubelet = reached(location);
      const taken = refusing(() => take(kubelet));
      return {
        channels: PROCESS_CHANNELS,
        async overChannels(socket, protocol) {
          const session = new Channels(socket, protocol, taken);
          await session.finish(await runProcess(kubelet, pod, taken, session));
        },
        streams: PROCESS_STREAMS,
        async overStreams(transport, protocol) {
          const session = new SpdySession(transport, protocol, taken, api.environment.clock);
          await session.ready;
          await session.finish(await runProcess(kubelet, pod, taken, session));
        },
      };
    },
  };
}

/** @throws StatusError 500 as the API server's proxy puts it. */
function reached(location: KubeletLocation): KubeletApi {
  try {
    return location.dial();
  } catch (error) {
    throw failure(500, undefined, `error dialing backend: ${messageOf(error)}`);
  }
}

/** What a kubelet objects to before it takes a connection up, it says in plain text. @throws KubeletRefusal */
function refusing<T>(take: () => T): T {
  try {
    return take();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new KubeletRefusal(error.status.code ?? 500, error.message);
  }
}

/** Where a kubelet is asked for a process (`streamLocation`, `streamParams`). */
function pathOf({ metadata }: Pod, { command, container, ...streams }: ProcessOptions): string {
  const query = new URLSearchParams();
  for (const each of command ?? []) query.append('command', each);
  for (const [name, asked] of Object.entries(streams)) {
    // As Go has them in the constants of its API: by these names.
    if (asked) query.append({ stdin: 'input', stdout: 'output', stderr: 'error' }[name] ?? name, '1');
  }
  query.sort();
  return `/${command === undefined ? 'attach' : 'exec'}/${metadata.namespace}/${metadata.name}/${container}?${query}`;
}

/** @throws StatusError 400, as metav1's conversion of a parameter to numbers has it. */
function askedPorts(query: URLSearchParams): number[] {
  return query
    .getAll('ports')
    .flatMap((each) => each.split(','))
    .map((text) => {
      const isNumber = /^\d+$/.test(text);
      if (isNumber && Number(text) <= 65_535) return Number(text);
      const why = isNumber ? 'value out of range' : 'invalid syntax';
      throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`);
    });
}

/** What a client asks for, whether or not it makes sense (`core/v1.PodExecOptions`). */
function askedStreams(query: URLSearchParams): Readonly<Record<string, unknown>> {
  const flags = ['stdin', 'stdout', 'stderr', 'tty'].filter((name) => flag(query, name) === true);
  const container = query.get('container');
  const command = query.getAll('command');
  return {
    ...Object.fromEntries(flags.map((name) => [name, true])),
    ...(container ? { container } : {}),
    ...(command.length > 0 ? { command } : {}),
  };
}
