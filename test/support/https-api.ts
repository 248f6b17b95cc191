import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';

/** A cluster's API over HTTPS with nothing between: what a test or a bench needs to be fast or exact. */
export interface HttpsApi {
  /** Where it is: `https://127.0.0.1:1234`. */
  readonly server: string;
  /** @throws Error with the answer's body for a status of 300 and above */
  send(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Reads an answer without decoding it. @throws as `send` */
  read(path: string): Promise<string>;
  /** Opens a watch on a connection of its own; resolves once it stands. @returns ends it */
  watch(path: string, onLine: (line: string) => void): Promise<() => void>;
  close(): void;
}

interface KubeconfigJson {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

/** @param kubeconfig a file that the simulator wrote, which is JSON. */
export function httpsApi(kubeconfig: string, connections = 16): HttpsApi {
  const { clusters, users }: KubeconfigJson = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  if (cluster === undefined || user === undefined) throw new Error(`${kubeconfig} has no cluster or no user`);
  const decode = (text: string) => Buffer.from(text, 'base64');
  const identity = {
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  };
  const agent = new Agent({ ...identity, keepAlive: true, maxSockets: connections });
  const open = (agent: Agent | false, method: string, path: string, body?: unknown) =>
    new Promise<IncomingMessage>((done, fail) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const headers = body === undefined ? {} : { 'content-type': type };
      // A watch may be silent for long; all else that is has failed.
      const timeout = agent === false ? 0 : 60_000;
      const outgoing = request(new URL(path, cluster.server), { ...identity, agent, method, headers, timeout });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer within a minute`)));
      outgoing.on('error', fail).on('response', done);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const read = async (method: string, path: string, body?: unknown) => {
    const answer = await open(agent, method, path, body);
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if ((answer.statusCode ?? 500) >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text;
  };
  return {
    server: cluster.server,
    send: async (method, path, body) => JSON.parse(await read(method, path, body)),
    read: (path) => read('GET', path),
    async watch(path, onLine) {
      const answer = await open(false, 'GET', path);
      // Ended by us, or with the server: nothing more comes either way.
      createInterface(answer.on('error', () => {})).on('line', onLine);
      return () => answer.destroy();
    },
    close: () => agent.destroy(),
  };
}
