import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

/** A cluster's API over HTTPS with nothing between: what a test or a bench needs to be fast or exact. */
export interface HttpsApi {
  /** @throws Error with the answer's body for a status of 300 and above */
  send(method: string, path: string, body?: unknown): Promise<unknown>;
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
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connections,
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  });
  return {
    send: (method, path, body) =>
      new Promise((done, fail) => {
        const outgoing = request(new URL(path, cluster.server), {
          agent,
          method,
          headers: body === undefined ? {} : { 'content-type': 'application/json' },
        });
        outgoing.on('error', fail).on('response', (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', fail);
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            if ((answer.statusCode ?? 500) >= 300) fail(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
            else done(JSON.parse(text));
          });
        });
        outgoing.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    close: () => agent.destroy(),
  };
}
