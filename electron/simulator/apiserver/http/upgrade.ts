import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Pod } from '../../../../shared/kubernetes/objects';
import { pods } from '../../../../shared/kubernetes/resources';
import type { Api } from '../api';
import { get } from '../registry/read';
import type { ApiServerOptions } from '../server';
import { badRequest, unknownPath } from '../status-errors';
import { CHANNEL_PROTOCOLS, Channels } from '../streaming/channels';
import { execOptions, runExec } from '../streaming/exec';
import { kubeletOf } from '../streaming/kubelet';
import type { Exchange } from './exchange';
import type { Pipeline } from './pipeline';
import { checkRoute } from './routes';
import { webSocketConnection } from './watch-connection';

/** Terminal bytes come in small messages; this is room for a pasted file. */
const LARGEST_MESSAGE = 1024 * 1024;

/** Requests that turn a connection into streams: exec over a WebSocket. */
export class UpgradeHandler {
  readonly #api: Api;
  readonly #options: ApiServerOptions;
  readonly #pipeline: Pipeline;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    handleProtocols: (offered) => CHANNEL_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
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
      const start = this.#prepare(exchange);
      response.detachSocket(request.socket);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        start(new Channels(webSocket)).catch((error: unknown) => {
          this.#options.log.error(`exec over ${exchange.path}`, error);
          webSocket.terminate();
        });
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
  #prepare(exchange: Exchange): (channels: Channels) => Promise<void> {
    const { info, request, query } = exchange;
    if (info.group !== '' || info.resource !== 'pods' || info.subresource !== 'exec') throw unknownPath();
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      throw badRequest(`unable to upgrade: unsupported protocol ${JSON.stringify(request.headers.upgrade ?? '')}`);
    }
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((item) => item.trim());
    if (!CHANNEL_PROTOCOLS.some((protocol) => offered.includes(protocol))) {
      throw badRequest(`unable to upgrade: no supported protocol among ${JSON.stringify(offered)}`);
    }
    // A WebSocket begins with a GET, but whoever runs commands must be allowed to create them.
    this.#api.authorize({ ...info, user: exchange.user, verb: 'create' });
    const pod: Pod = get(this.#api.registry(pods), info.namespace, info.name).object;
    const options = execOptions(pod, query);
    const kubelet = kubeletOf(this.#options.kubelets, pod);
    return (channels) => runExec(kubelet, pod, options, channels);
  }
}
