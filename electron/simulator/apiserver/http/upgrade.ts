import { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { Api } from '../api';
import type { ApiServerOptions } from '../server';
import { type AskedConversation, conversation } from '../streaming/conversation';
import { KubeletRefusal } from '../streaming/kubelet-refusal';
import {
  agreedChannels,
  agreedStreams,
  CLOSABLE_CHANNELS,
  offeredChannels,
  offeredStreams,
  TUNNEL_PREFIX,
  tunneledStreams,
} from '../streaming/subprotocols';
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
  /** What each WebSocket is to speak, until its handshake is over. */
  readonly #agreed = new WeakMap<IncomingMessage, string>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    handleProtocols: (_, request) => this.#agreed.get(request) || false,
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
    await this.#pipeline.run(request, response, async (exchange) => {
      if (exchange.info.verb === 'watch') return this.#watch(exchange, socket, head);
      const asked = await conversation(this.#api, this.#options.kubelets, exchange);
      let begin: Begin;
      try {
        begin = beginning(request, asked);
      } catch (error) {
        if (!(error instanceof KubeletRefusal)) throw error;
        return passOn(error, response);
      }
      response.detachSocket(request.socket);
      const failed = (error: unknown) => {
        this.#options.log.error(`${exchange.info.subresource} over ${exchange.path}`, error);
        socket.destroy();
      };
      if (begin.kind === 'spdy') {
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${begin.protocol}\r\n\r\n`,
        );
        socket.unshift(head);
        begin.talk(socket).catch(failed);
        return;
      }
      const { talk } = begin;
      this.#agreed.set(request, begin.protocol);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => void talk(webSocket).catch(failed));
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

/**
 * A request that Node gives up to whoever takes up upgrades only where somebody speaks what it asks for. Elsewhere Go's server
 * passes over that header, and so does this one: such a request has a body as any other, and its connection goes on after.
 */
export class MaybeUpgrade extends IncomingMessage {
  /** What the parser has found; the constructor above sets it before this class could have a field of its own. */
  declare private asked: boolean | null;

  // Node's parser writes this before it has read the headers, and its server asks after.
  get upgrade(): boolean | null {
    return this.asked && isSpokenOf(this);
  }

  set upgrade(asked: boolean | null) {
    this.asked = asked;
  }
}

/** Whether anything is there that speaks what a client asks for. */
function isSpokenOf(request: IncomingMessage): boolean {
  if (![WEBSOCKET, SPDY].includes(upgradeOf(request))) return false;
  const url = parseUrl(request.url ?? '/');
  if (url === undefined) return false;
  const { verb, group, resource, subresource } = requestInfo(request.method ?? '', url.path, url.query);
  if (verb === 'watch') return true;
  return group === '' && resource === 'pods' && ['exec', 'attach', 'portforward'].includes(subresource);
}

const upgradeOf = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() ?? '';

/** How a connection goes on, once everybody has agreed. */
type Begin =
  | { readonly kind: 'spdy'; readonly protocol: string; readonly talk: (transport: Duplex) => Promise<void> }
  | { readonly kind: 'webSocket'; readonly protocol: string; readonly talk: (socket: WebSocket) => Promise<void> };

/**
 * Finds what a client and a kubelet, or the API server between them, both speak.
 * @throws KubeletRefusal, or StatusError 500 when the kubelet does not answer.
 */
function beginning(request: IncomingMessage, asked: AskedConversation): Begin {
  const { headers } = request;
  if (upgradeOf(request) === SPDY) {
    const { streams, overStreams } = asked.take(false);
    const protocol = agreedStreams(offeredStreams(headers), streams);
    return { kind: 'spdy', protocol, talk: (transport) => overStreams(transport, protocol) };
  }
  const { translating, tunneling } = asked;
  if (translating !== undefined && offeredChannels(headers).includes(CLOSABLE_CHANNELS)) {
    return { kind: 'webSocket', protocol: CLOSABLE_CHANNELS, talk: translating };
  }
  const tunneled = tunneling ? tunneledStreams(headers) : [];
  if (tunneled.length > 0) {
    const { streams, overStreams } = asked.take(false);
    const protocol = agreedStreams(tunneled, streams);
    const talk = (socket: WebSocket) => overStreams(createWebSocketStream(socket), protocol);
    return { kind: 'webSocket', protocol: `${TUNNEL_PREFIX}${protocol}`, talk };
  }
  const { channels, overChannels } = asked.take(true);
  const protocol = agreedChannels(headers, channels);
  return { kind: 'webSocket', protocol, talk: (socket) => overChannels(socket, protocol) };
}

/** Answers as the kubelet does; the connection ends with that. */
function passOn({ code, message, headers }: KubeletRefusal, response: ServerResponse): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  if (message !== '') response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.writeHead(code).end(message);
}
