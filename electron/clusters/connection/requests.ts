import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config';
import { messageOf } from '../../../shared/error-message';
import type { Status } from '../../../shared/kubernetes/objects';
import { StatusError } from '../../../shared/kubernetes/status-error';

/** How long a server may take to begin its answer. Milliseconds. */
const answerTimeout = 15_000;
/** When the system starts to ask whether an idle connection still lives. Milliseconds. */
const keepAliveDelay = 30_000;

/** The server did not begin to answer in time. */
export class TimeoutError extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${Math.round(milliseconds / 1000)} seconds`);
    this.name = 'TimeoutError';
  }
}

/** The credentials could not be had: an exec plugin failed, a token file is not there. */
export class CredentialsError extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'CredentialsError';
  }
}

/** Requests to one cluster with one context's credentials. */
export class Requests {
  readonly server: URL;
  private readonly config: KubeConfig;
  private readonly timeout: number;
  private agent: { readonly key: string; readonly agent: https.Agent } | undefined;

  constructor(config: KubeConfig, timeout = answerTimeout) {
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw new Error('the context names no cluster');
    this.server = new URL(cluster.server);
    this.config = config;
    this.timeout = timeout;
  }

  /** The context's namespace: what kubectl uses when none is named. */
  get namespace(): string {
    return this.config.getContextObject(this.config.getCurrentContext())?.namespace ?? 'default';
  }

  /** Gets a path and reads the whole answer. @throws StatusError for what the API refuses. */
  async getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
    const response = await this.get(path, signal);
    return JSON.parse(await readText(response));
  }

  /**
   * Gets a path and leaves the answer's body to the caller. Ends with the signal, before and after it began to answer.
   *
   * @throws StatusError for what the API refuses, CredentialsError, TimeoutError, and Node's errors with their codes.
   */
  async get(path: string, signal?: AbortSignal): Promise<http.IncomingMessage> {
    const response = await this.open(path, signal);
    const code = response.statusCode ?? 0;
    if (code >= 200 && code < 300) return response;
    throw new StatusError(statusOf(await readText(response), code, response.statusMessage));
  }

  close(): void {
    this.agent?.agent.destroy();
  }

  private async open(path: string, signal: AbortSignal | undefined): Promise<http.IncomingMessage> {
    const options: https.RequestOptions = { headers: { Accept: 'application/json', 'User-Agent': 'porthole' } };
    try {
      await this.config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new CredentialsError(error);
    }
    signal?.throwIfAborted();
    const base = this.server.pathname.replace(/\/$/, '');
    const url = new URL(base + path, this.server);
    const agent = this.agentFor(options);
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'http:' ? http.request : https.request;
      const request = send(url, { ...options, ...(agent === undefined ? {} : { agent }), signal });
      const timer = setTimeout(() => request.destroy(new TimeoutError(this.timeout)), this.timeout);
      request.on('socket', (socket) => socket.setKeepAlive(true, keepAliveDelay));
      request.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      request.on('response', (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      request.end();
    });
  }

  /** An agent that keeps connections, made anew when the credentials change. client-node's own keeps none. */
  private agentFor(options: https.RequestOptions): https.Agent | undefined {
    const proxied = this.config.getCurrentCluster()?.proxyUrl !== undefined;
    if (proxied || this.server.protocol === 'http:') return undefined;
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    const identity = JSON.stringify([ca, cert, key, servername, rejectUnauthorized].map((part) => String(part)));
    if (this.agent?.key !== identity) {
      const agent = new https.Agent({ keepAlive: true, ca, cert, key, servername, rejectUnauthorized });
      this.agent = { key: identity, agent };
    }
    return this.agent.agent;
  }
}

async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The API's own status where the body is one, else one made from the HTTP status (a proxy in between answered). */
function statusOf(body: string, code: number, message: string | undefined): Status {
  try {
    const parsed: Status | null = JSON.parse(body);
    if (parsed?.kind === 'Status') return { ...parsed, code };
  } catch {
    // Not JSON: what stands in the body is for people, and follows.
  }
  return { kind: 'Status', code, message: `${code} ${message ?? ''} ${body.trim().slice(0, 300)}`.trim() };
}
