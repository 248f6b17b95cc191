import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Api } from '../api';
import type { ApiServerOptions, ListenOptions } from '../server';
import { Pipeline } from './pipeline';
import { UpgradeHandler } from './upgrade';

/** Serves the API over HTTPS. */
export class HttpsServer {
  readonly #server: Server;
  readonly #listen: ListenOptions;

  constructor(api: Api, options: ApiServerOptions, listen: ListenOptions) {
    this.#listen = listen;
    const { key, cert, ca } = listen.tls;
    const pipeline = new Pipeline(api, options);
    this.#server = createServer(
      // Whether a client's certificate holds is the authenticator's to say: without one there are tokens.
      { key, cert, ca, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' },
      (request, response) => void pipeline.handle(request, response),
    );
    const upgrades = new UpgradeHandler(api, options, pipeline);
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
      this.#server.closeAllConnections();
    });
  }
}
