import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Api } from '../api';
import type { ApiServerOptions } from '../server';
import { badRequest } from '../status-errors';
import { CHANNEL_PROTOCOLS, Channels } from '../streaming/channels';
import { type Conversation, conversation } from '../streaming/conversation';
import { TUNNELED_PROTOCOL } from '../streaming/port-forward';
import type { Exchange } from './exchange';
import type { Pipeline } from './pipeline';
import { requestInfo } from './request-info';
import { checkRoute } from './routes';
import { parseUrl } from './url';
import { webSocketConnection } from './watch-connection';

/** Terminal bytes come in small messages; this is room for a pasted file. */
const LARGEST_MESSAGE = 1024 * 1024;

/** How a client may have a connection turned into streams: the name in its `Upgrade` header. */
const WEBSOCKET = 'websocket';
const SPDY = 'spdy/3.1';

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
    // Node has taken the connection out of HTTP's hands: after an ordinary answer nothing can come over it.
    response.shouldKeepAlive = false;
    socket.on('error', () => socket.destroy());
    if (!isSpokenOf(request)) return this.#pipeline.handle(request, response);
    await this.#pipeline.run(request, response, async (exchange) => {
      if (exchange.info.verb === 'watch') return this.#watch(exchange, socket, head);
      const spoken = await conversation(this.#api, this.#options.kubelets, exchange);
      const chosen = chosenProtocol(request, spoken);
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
        spoken.spdy(socket).catch(failed);
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const { channels, spdy } = spoken;
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
}

/** Whether anything is there that speaks what a client asks for. Elsewhere Go's server passes over that header. */
function isSpokenOf(request: IncomingMessage): boolean {
  if (![WEBSOCKET, SPDY].includes(upgradeOf(request))) return false;
  const url = parseUrl(request.url ?? '/');
  if (url === undefined) return false;
  const { verb, group, resource, subresource } = requestInfo(request.method ?? '', url.path, url.query);
  if (verb === 'watch') return true;
  return group === '' && resource === 'pods' && ['exec', 'attach', 'portforward'].includes(subresource);
}

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
