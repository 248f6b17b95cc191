import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { pods } from '../../../../shared/kubernetes/resources';
import type { Api } from '../api';
import { get } from '../registry/read';
import type { ApiServerOptions } from '../server';
import { badRequest, unknownPath } from '../status-errors';
import { CHANNEL_PROTOCOLS, Channels } from '../streaming/channels';
import { attachOptions, execOptions, runAttach, runExec } from '../streaming/exec';
import { kubeletOf } from '../streaming/kubelet';
import { forwardPorts, PORT_FORWARD_PROTOCOL, TUNNELED_PROTOCOL } from '../streaming/port-forward';
import type { RemoteSession } from '../streaming/remote-session';
import { REMOTE_COMMAND_PROTOCOL, SpdySession } from '../streaming/spdy/session';
import { admitConnection } from './connect';
import type { Exchange } from './exchange';
import { flag } from './list-options';
import type { Pipeline } from './pipeline';
import { checkRoute } from './routes';
import { webSocketConnection } from './watch-connection';

/** Terminal bytes come in small messages; this is room for a pasted file. */
const LARGEST_MESSAGE = 1024 * 1024;

/** How a client may have a connection turned into streams: the name in its `Upgrade` header. */
const WEBSOCKET = 'websocket';
const SPDY = 'spdy/3.1';

/** What is spoken over a connection that has been upgraded. */
interface Conversation {
  /** Subprotocols over WebSocket, the best first. */
  readonly overWebSocket: readonly string[];
  readonly overSpdy: string;
  /** Over the channels of a WebSocket; absent: SPDY's bytes are tunnelled through its messages. */
  readonly channels?: (session: RemoteSession) => Promise<void>;
  readonly spdy: (transport: Duplex) => Promise<void>;
}

/** Requests that turn a connection into streams: exec, attach and port-forward over WebSocket and SPDY, and watches. */
export class UpgradeHandler {
  readonly #api: Api;
  readonly #options: ApiServerOptions;
  readonly #pipeline: Pipeline;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    handleProtocols: (offered) =>
      [...CHANNEL_PROTOCOLS, TUNNELED_PROTOCOL].find((protocol) => offered.has(protocol)) ?? false,
  });

  /** Any subprotocol will do: what is sent does not depend on it. */
  readonly #watches = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });

  constructor(api: Api, options: ApiServerOptions, pipeline: Pipeline) {
    this.#api = api;
    this.#options = options;
    this.#pipeline = pipeline;
  }

  /** Never rejects: what cannot be is answered as any other request. */
  async handle(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const response = new ServerResponse(request);
    // Over TLS the stream of a request is its socket.
    response.assignSocket(request.socket);
    response.on('finish', () => socket.end());
    socket.on('error', () => socket.destroy());
    await this.#pipeline.run(request, response, async (exchange) => {
      if (exchange.info.verb === 'watch') return this.#watch(exchange, socket, head);
      const conversation = await this.#conversation(exchange);
      const chosen = chosenProtocol(request, conversation);
      response.detachSocket(request.socket);
      const failed = (error: unknown) => {
        this.#options.log.error(`${exchange.info.subresource} over ${exchange.path}`, error);
        socket.destroy();
      };
      if (upgradeOf(request) === SPDY) {
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${chosen}\r\n\r\n`,
        );
        socket.unshift(head);
        conversation.spdy(socket).catch(failed);
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const { channels, spdy } = conversation;
        (channels?.(new Channels(webSocket)) ?? spdy(createWebSocketStream(webSocket))).catch(failed);
      });
    });
  }

  /** A watch whose events are messages. */
  async #watch(exchange: Exchange, socket: Duplex, head: Buffer): Promise<void> {
    const { request, response, info } = exchange;
    const registry = this.#api.registry(info);
    checkRoute(exchange, registry.definition);
    await this.#pipeline.resources.watch(exchange, registry, (isText) => {
      response.detachSocket(request.socket);
      return new Promise((resolve, reject) => {
        // A handshake that fails is answered and ended by the WebSocket server.
        socket.once('close', () => reject(new Error('the connection has ended before it was a WebSocket')));
        this.#watches.handleUpgrade(request, socket, head, (webSocket) => {
          resolve(webSocketConnection(webSocket, isText));
        });
      });
    });
  }

  /** Checks everything that can be checked while an answer can still be an error. */
  async #conversation(exchange: Exchange): Promise<Conversation> {
    const { info, query } = exchange;
    if (info.group !== '' || info.resource !== 'pods') throw unknownPath();
    const { subresource } = info;
    if (subresource !== 'exec' && subresource !== 'attach' && subresource !== 'portforward') throw unknownPath();
    // A WebSocket begins with a GET, but whoever runs commands must be allowed to create them.
    this.#api.authorize({ ...info, user: exchange.user, verb: 'create' });
    const registry = this.#api.registry(pods);
    const pod: Pod = get(registry, info.namespace, info.name).object;
    if (subresource === 'portforward') {
      const ports = query.getAll('ports').map(Number);
      await admitConnection(registry, exchange, { kind: 'PodPortForwardOptions', ...(ports.length > 0 && { ports }) });
      const kubelet = kubeletOf(this.#options.kubelets, pod);
      const spdy = (transport: Duplex) =>
        forwardPorts(transport, (port) => kubelet.dial(pod, port, LOOPBACK), pod.metadata.uid ?? '');
      return { overWebSocket: [TUNNELED_PROTOCOL], overSpdy: PORT_FORWARD_PROTOCOL, spdy };
    }
    const kind = subresource === 'exec' ? 'PodExecOptions' : 'PodAttachOptions';
    await admitConnection(registry, exchange, { kind, ...askedStreams(query) });
    const { options, run } = this.#process(pod, subresource, query);
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

  #process(pod: Pod, subresource: 'exec' | 'attach', query: URLSearchParams) {
    if (subresource === 'exec') {
      const options = execOptions(pod, query);
      const kubelet = kubeletOf(this.#options.kubelets, pod);
      return { options, run: (session: RemoteSession) => runExec(kubelet, pod, options, session) };
    }
    const options = attachOptions(pod, query);
    const kubelet = kubeletOf(this.#options.kubelets, pod);
    return { options, run: (session: RemoteSession) => runAttach(kubelet, pod, options, session) };
  }
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

/** Whom a pod sees when its kubelet connects to it. */
const LOOPBACK = '127.0.0.1';

const upgradeOf = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() ?? '';

/** @throws StatusError 400 when a client asks for nothing that is spoken here. */
function chosenProtocol(request: IncomingMessage, { overWebSocket, overSpdy }: Conversation): string {
  const upgrade = upgradeOf(request);
  if (upgrade !== WEBSOCKET && upgrade !== SPDY) {
    throw badRequest(`unable to upgrade: unsupported protocol ${JSON.stringify(request.headers.upgrade ?? '')}`);
  }
  const header = upgrade === SPDY ? 'x-stream-protocol-version' : 'sec-websocket-protocol';
  // A header that is sent more than once comes as one.
  const offered = [request.headers[header] ?? '']
    .flat()
    .join(',')
    .split(',')
    .map((item) => item.trim());
  const chosen = (upgrade === SPDY ? [overSpdy] : overWebSocket).find((protocol) => offered.includes(protocol));
  if (chosen === undefined) {
    throw badRequest(`unable to upgrade: no supported protocol among ${JSON.stringify(offered)}`);
  }
  return chosen;
}
