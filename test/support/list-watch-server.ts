import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node/dist/config';
import { generate } from 'selfsigned';
import type { KubeObject } from '../../shared/kubernetes/objects';

export interface ListWatchServerOptions {
  /** Names and addresses in its certificate; 127.0.0.1 by default. */
  certifies?: string;
  /** Without TLS. */
  plain?: boolean;
}

/** Answers a request instead of the server; false leaves it to the server. */
export type Override = (url: URL, request: IncomingMessage, response: ServerResponse) => boolean;

interface Watcher {
  readonly path: string;
  readonly response: ServerResponse;
}

/**
 * A server that speaks list and watch of one collection, and fails on command: for what a real cluster, or the simulated
 * one, cannot be made to do at a given moment.
 */
export class ListWatchServer {
  /** The requests so far, as path and query. */
  readonly requests: URL[] = [];
  override: Override | undefined;
  private readonly objects = new Map<string, KubeObject>();
  private readonly history: { version: number; type: string; object: KubeObject }[] = [];
  private readonly watchers = new Set<Watcher>();
  private readonly server: ReturnType<typeof createServer> | ReturnType<typeof createPlain>;
  private readonly certificate: string;
  private readonly plain: boolean;
  private version = 100;
  private oldest = 0;
  private suspendedAt = 0;

  static async start(options: ListWatchServerOptions = {}): Promise<ListWatchServer> {
    const name = options.certifies ?? '127.0.0.1';
    const pems = await generate([{ name: 'commonName', value: name }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        {
          name: 'subjectAltName',
          altNames: [/^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name }],
        },
      ],
    });
    const server = new ListWatchServer(pems, options.plain ?? false);
    await server.listen(0);
    return server;
  }

  private constructor(pems: { cert: string; private: string }, plain: boolean) {
    const handle = (request: IncomingMessage, response: ServerResponse) => this.answer(request, response);
    this.certificate = pems.cert;
    this.plain = plain;
    this.server = plain ? createPlain(handle) : createServer({ cert: pems.cert, key: pems.private }, handle);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** A kubeconfig for it, as a new connection would load it. */
  kubeConfig(options: { trust?: boolean; token?: string } = {}): KubeConfig {
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [
        {
          name: 'test',
          server: `${this.plain ? 'http' : 'https'}://127.0.0.1:${this.port}`,
          skipTLSVerify: this.plain,
          ...(options.trust === false || this.plain
            ? {}
            : { caData: Buffer.from(this.certificate).toString('base64') }),
        },
      ],
      users: [{ name: 'test', token: options.token ?? 'secret-token' }],
      contexts: [{ name: 'test', cluster: 'test', user: 'test' }],
      currentContext: 'test',
    });
    return config;
  }

  /** Creates or replaces an object; watchers are told. */
  put(object: KubeObject): void {
    const key = keyOf(object);
    const type = this.objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.change(type, object);
    this.objects.set(key, object);
  }

  remove(object: KubeObject): void {
    this.objects.delete(keyOf(object));
    this.change('DELETED', object);
  }

  /** Changes that happen while nobody is told, as during an outage. */
  forgetHistory(): void {
    this.history.length = 0;
    this.oldest = this.version + 1;
  }

  /** Cuts all watches in the middle. */
  cut(): void {
    for (const { response } of this.watchers) response.destroy();
    this.watchers.clear();
  }

  bookmark(): void {
    this.version += 1;
    for (const watcher of this.watchers) {
      write(watcher, 'BOOKMARK', { metadata: { resourceVersion: String(this.version) } });
    }
  }

  get watching(): number {
    return this.watchers.size;
  }

  /** The queries of the watches so far. */
  get watchRequests(): URLSearchParams[] {
    return this.requests.map((url) => url.searchParams).filter((query) => query.has('watch'));
  }

  get listRequests(): URL[] {
    return this.requests.filter((url) => url.pathname !== '/version' && !url.searchParams.has('watch'));
  }

  /** Goes away; {@link resume} brings it back at the same address. */
  async suspend(): Promise<void> {
    this.suspendedAt = this.port;
    await this.close();
  }

  async resume(): Promise<void> {
    await this.listen(this.suspendedAt);
  }

  async close(): Promise<void> {
    this.cut();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private listen(port: number): Promise<void> {
    return new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  private change(type: string, object: KubeObject): void {
    this.version += 1;
    object.metadata.resourceVersion = String(this.version);
    this.history.push({ version: this.version, type, object: structuredClone(object) });
    for (const watcher of this.watchers) if (isIn(watcher.path, object)) write(watcher, type, object);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'https://test');
    this.requests.push(url);
    if (this.override?.(url, request, response)) return;
    if (url.pathname === '/version') sendJson(response, 200, { gitVersion: 'v1.35.2' });
    else if (url.searchParams.has('watch')) this.watch(url, response);
    else this.list(url, response);
  }

  private list(url: URL, response: ServerResponse): void {
    const items = [...this.objects.values()].filter((object) => isIn(url.pathname, object));
    const start = Number(url.searchParams.get('continue') ?? 0);
    const end = start + Number(url.searchParams.get('limit') ?? items.length);
    sendJson(response, 200, {
      metadata: { resourceVersion: String(this.version), ...(end < items.length ? { continue: String(end) } : {}) },
      items: items.slice(start, end),
    });
  }

  private watch(url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    const watcher = { path: url.pathname, response };
    if (from < this.oldest - 1) {
      write(watcher, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' });
      response.end();
      return;
    }
    for (const { version, type, object } of this.history) {
      if (version > from && isIn(url.pathname, object)) write(watcher, type, object);
    }
    this.watchers.add(watcher);
    response.on('close', () => this.watchers.delete(watcher));
  }
}

/** Answers with an API status, as the server does for what it refuses. */
export function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  sendJson(response, code, { kind: 'Status', status: 'Failure', code, reason, message });
}

function sendJson(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function write({ response }: Watcher, type: string, object: object): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

function isIn(path: string, { metadata }: KubeObject): boolean {
  const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
  return namespace === undefined || namespace === metadata.namespace;
}

function keyOf({ metadata }: KubeObject): string {
  return metadata.uid ?? '';
}
