import type { Duplex } from 'node:stream';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { pods } from '../../../../shared/kubernetes/resources';
import type { KubeletConnector } from '../../kubelet-api';
import type { Api } from '../api';
import { admitConnection, refuseDryRun } from '../http/connect';
import type { Exchange } from '../http/exchange';
import { flag } from '../http/list-options';
import { get } from '../registry/read';
import { unknownPath } from '../status-errors';
import { CHANNEL_PROTOCOLS } from './channels';
import { attachOptions, execOptions, runAttach, runExec } from './exec';
import { kubeletOf } from './kubelet';
import { forwardPorts, PORT_FORWARD_PROTOCOL, TUNNELED_PROTOCOL } from './port-forward';
import type { RemoteSession } from './remote-session';
import { REMOTE_COMMAND_PROTOCOL, SpdySession } from './spdy/session';

/** What is spoken over a connection that has been upgraded. */
export interface Conversation {
  /** Subprotocols over WebSocket, the best first. */
  readonly overWebSocket: readonly string[];
  readonly overSpdy: string;
  /** Over the channels of a WebSocket; absent: SPDY's bytes are tunnelled through its messages. */
  readonly channels?: (session: RemoteSession) => Promise<void>;
  readonly spdy: (transport: Duplex) => Promise<void>;
}

/** Whom a pod sees when its kubelet connects to it. */
const LOOPBACK = '127.0.0.1';

/**
 * Checks everything that can be checked while an answer can still be an error.
 * @throws StatusError 400, 403 or 404.
 */
export async function conversation(api: Api, kubelets: KubeletConnector, exchange: Exchange): Promise<Conversation> {
  const { info, query } = exchange;
  if (info.group !== '' || info.resource !== 'pods') throw unknownPath();
  const { subresource } = info;
  if (subresource !== 'exec' && subresource !== 'attach' && subresource !== 'portforward') throw unknownPath();
  // A WebSocket begins with a GET, but whoever runs commands must be allowed to create them.
  api.authorize({ ...info, user: exchange.user, verb: 'create' });
  refuseDryRun(exchange);
  const registry = api.registry(pods);
  const pod: Pod = get(registry, info.namespace, info.name).object;
  if (subresource === 'portforward') {
    const ports = query.getAll('ports').map(Number);
    await admitConnection(registry, exchange, { kind: 'PodPortForwardOptions', ...(ports.length > 0 && { ports }) });
    const kubelet = kubeletOf(kubelets, pod);
    const spdy = (transport: Duplex) =>
      forwardPorts(transport, (port) => kubelet.dial(pod, port, LOOPBACK), pod.metadata.uid ?? '');
    return { overWebSocket: [TUNNELED_PROTOCOL], overSpdy: PORT_FORWARD_PROTOCOL, spdy };
  }
  const kind = subresource === 'exec' ? 'PodExecOptions' : 'PodAttachOptions';
  await admitConnection(registry, exchange, { kind, ...askedStreams(query) });
  const { options, run } = remoteProcess(kubelets, pod, subresource, query);
  const { stdin, stdout, stderr, tty } = options;
  const streams = { error: true, stdin, stdout, stderr: stderr && !tty, resize: tty };
  return {
    overWebSocket: CHANNEL_PROTOCOLS,
    overSpdy: REMOTE_COMMAND_PROTOCOL,
    channels: run,
    async spdy(transport) {
      const session = new SpdySession(
        transport,
        Object.entries(streams).flatMap(([name, wanted]) => (wanted ? [name] : [])),
      );
      await session.ready;
      await run(session);
    },
  };
}

function remoteProcess(kubelets: KubeletConnector, pod: Pod, subresource: 'exec' | 'attach', query: URLSearchParams) {
  if (subresource === 'exec') {
    const options = execOptions(pod, query);
    const kubelet = kubeletOf(kubelets, pod);
    return { options, run: (session: RemoteSession) => runExec(kubelet, pod, options, session) };
  }
  const options = attachOptions(pod, query);
  const kubelet = kubeletOf(kubelets, pod);
  return { options, run: (session: RemoteSession) => runAttach(kubelet, pod, options, session) };
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
