import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Api } from '../api';
import type { ApiServerOptions, ListenOptions } from '../server';
import { Pipeline } from './pipeline';
import { answerPlain, answerUnreadable, MOST_HEADER_BYTES, namesHost } from './unreadable';
import { MaybeUpgrade, UpgradeHandler } from './upgrade';

/** Milliseconds an idle connection is kept: longer than Go's clients keep theirs, so that none is closed under a request. */
const KEEP_ALIVE = 120_000;
/** Milliseconds that a request's headers may take (apiserver/pkg/server/secure_serving.go, ReadHeaderTimeout). */
const HEADERS_TIMEOUT = 32_000;

/** Serves the API over HTTPS. */
export class HttpsServer {
  readonly #server: Server;
  /** All of them, also those that a WebSocket has taken over or that have not said anything yet. */
  readonly #connections = new Set<Socket>();
  readonly #listen: ListenOptions;

  constructor(api: Api, options: ApiServerOptions, listen: ListenOptions) {
    this.#listen = listen;
    const { key, cert, ca } = listen.tls;
    const pipeline = new Pipeline(api, options);
    this.#server = createServer(
      // Whether a client's certificate holds is the authenticator's to say: without one there are tokens.
      {
        ...{ key, cert, ca: [ca].flat(), requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' },
        maxHeaderSize: MOST_HEADER_BYTES,
        requireHostHeader: false,
        IncomingMessage: MaybeUpgrade,
      },
      (request, response) => {
        if (namesHost(request, response)) void pipeline.handle(request, response);
      },
    );
    const upgrades = new UpgradeHandler(api, options, pipeline);
    this.#server.keepAliveTimeout = KEEP_ALIVE;
    this.#server.headersTimeout = HEADERS_TIMEOUT;
    // Those beyond Node's own limit would be left out without a word.
    this.#server.maxHeadersCount = 0;
    this.#server.on('clientError', answerUnreadable);
    this.#server.on('tlsClientError', (error, { remotePort }) => {
      const connection = [...this.#connections].find((each) => each.remotePort === remotePort);
      answerPlain(error, remotePort === undefined ? undefined : connection);
    });
    this.#server.on('connection', (connection: Socket) => {
      this.#connections.add(connection);
      connection.on('close', () => this.#connections.delete(connection));
    });
    this.#server.on('upgrade', (request, socket, head) => void upgrades.handle(request, socket, head));
  }

  /** @throws Error with code EADDRINUSE when the port is taken. */
  start(): Promise<{ port: number }> {
    const { port, host } = this.#listen;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.removeListener('error', reject);
        resolve({ port: (this.#server.address() as AddressInfo).port });
      });
    });
  }

  /** Ends open requests and takes no more. */
  stop(): Promise<void> {
    // The port was taken: there is nothing to end.
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#server.close((error) => (error === undefined ? resolve() : reject(error)));
      for (const connection of this.#connections) connection.destroy();
    });
  }
}
