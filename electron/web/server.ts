import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { appPortName, type Transport, Wire } from '../../shared/contract/wire';
import type { App } from '../app';
import { hasCode } from '../error-code';
import { rendererFile } from '../renderer-files';
import { Access } from './access';

/** Requests of the contract are small; more than this is a fault. Bytes. */
const maxPayload = 4 * 1024 * 1024;

export interface WebServer {
  /** The URL with the one-time token. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the renderer's files and the app's ports to one person's browser, on loopback.
 *
 * @param port 0 for a free one.
 * @throws Error when the port is in use.
 */
export async function startWebServer(app: App<Transport>, folder: string, port: number): Promise<WebServer> {
  const server = createServer();
  await listen(server, port);
  const access = new Access((server.address() as AddressInfo).port);
  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
  const ports = new Ports(app);
  server.on('request', (request, response) => {
    answer(access, folder, request, response).catch((error: unknown) => {
      process.stderr.write(`serve: ${String(error)}\n`);
      response.destroy();
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const name = portNameOf(request);
    if (name === undefined || !access.judgeSocket(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => ports.connect(name, webSocket));
  });
  return {
    url: access.url,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(hasCode(error, 'EADDRINUSE') ? new Error(`port ${port} on 127.0.0.1 is in use`, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function answer(
  access: Access,
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const verdict = access.judge(request);
  if (verdict === 'refused' || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(403, { 'Content-Length': 0 }).end();
    return;
  }
  if (verdict === 'enter') {
    enter(access, response);
    return;
  }
  const { pathname } = new URL(request.url ?? '/', 'http://porthole');
  const file = await rendererFile(folder, pathname, [`ws://${request.headers.host}`]);
  if (file === undefined) response.writeHead(404, { 'Content-Length': 0 }).end();
  else response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
}

/**
 * A page that leads on, instead of a redirect: whoever follows a link here from another site would be redirected as that
 * site, without the cookie.
 */
function enter(access: Access, response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'Set-Cookie': access.cookie,
  });
  response.end('<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Porthole</title>');
}

function portNameOf(request: IncomingMessage): string | undefined {
  const { pathname } = new URL(request.url ?? '/', 'http://porthole');
  const match = /^\/port\/([^/]+)$/.exec(pathname);
  try {
    return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
  } catch {
    return undefined;
  }
}

/** Connects WebSockets with the ports that they name. */
class Ports {
  private readonly app: App<Transport>;
  /** Ports that were handed to a page which has not come for them yet. */
  private readonly handed = new Map<string, Transport[]>();

  constructor(app: App<Transport>) {
    this.app = app;
  }

  connect(name: string, socket: WebSocket): void {
    const transport = socketTransport(socket);
    if (name === appPortName) {
      this.servePage(transport);
      return;
    }
    const port = this.handed.get(name)?.shift();
    if (port === undefined) socket.close();
    else join(port, transport);
  }

  private servePage(transport: Transport): void {
    const wire = new Wire(transport, (error) => process.stderr.write(`page: ${String(error)}\n`));
    this.app.serve(wire, {
      hand: (name, port) => {
        this.handed.set(name, [...(this.handed.get(name) ?? []), port]);
      },
      closed: (name) => {
        this.handed.delete(name);
      },
    });
  }
}

function join(a: Transport, b: Transport): void {
  a.listen(
    (message) => b.send(message),
    () => b.close(),
  );
  b.listen(
    (message) => a.send(message),
    () => a.close(),
  );
}

function socketTransport(socket: WebSocket): Transport {
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(message);
    },
    listen: (onMessage, onClose) => {
      socket.on('message', (data, isBinary) => {
        if (!isBinary) onMessage(data.toString());
      });
      socket.on('close', onClose);
      // An error is followed by 'close', which says all that matters here.
      socket.on('error', () => socket.terminate());
    },
    close: () => socket.close(),
  };
}
