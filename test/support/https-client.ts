import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { KubeObject } from '../../shared/kubernetes/objects';

/** An answer, its body parsed. */
export interface Answer {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly metadata?: { readonly uid?: string; readonly resourceVersion?: string };
    readonly items?: unknown[];
  };
}

/** Plain HTTPS to the cluster of a kubeconfig, for what no client library lets a test do. */
export interface HttpsClient {
  send(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Hears each event of a watch, until it ends. */
  watch(path: string, heard: (event: { type: string; object: KubeObject }) => void): void;
  close(): void;
}

/**
 * @param kubeconfig a file as the simulator writes it.
 * @param identity `admin` shows the client certificate in it, `nobody` shows none.
 */
export function httpsClient(kubeconfig: string, identity: 'admin' | 'nobody' = 'admin'): HttpsClient {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const decode = (text: string) => Buffer.from(text, 'base64').toString();
  const server: string = clusters[0].cluster.server;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ca: decode(clusters[0].cluster['certificate-authority-data']),
    ...(identity === 'nobody'
      ? {}
      : { cert: decode(users[0].user['client-certificate-data']), key: decode(users[0].user['client-key-data']) }),
  });
  return {
    send: (method, path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const outgoing = request(`${server}${path}`, {
          method,
          agent,
          headers: { 'content-type': 'application/json', ...headers },
        });
        outgoing.on('error', reject);
        outgoing.on('response', (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text || '{}') }));
        });
        outgoing.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    watch(path, heard) {
      const outgoing = request(`${server}${path}`, { agent });
      // It ends when the server does, one way or the other.
      outgoing.on('error', () => {});
      outgoing.on('response', (response) => {
        response.on('error', () => {});
        const lines = createInterface(response);
        // It passes on what its input says.
        lines.on('error', () => {});
        lines.on('line', (line) => {
          // The last may be cut short.
          if (line.endsWith('}}')) heard(JSON.parse(line));
        });
      });
      outgoing.end();
    },
    close: () => agent.destroy(),
  };
}
