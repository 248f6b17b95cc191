import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { bytesOf, textOf } from './bytes';
import type { HttpRequest, Listener } from './listener';

type Handler = NonNullable<Listener['http']>;

/** The most that a simulated server reads of a body. */
const LARGEST_BODY = 16 * 1024 * 1024;

const served = new WeakMap<Duplex, { handler: Handler; remoteAddress: string }>();

let parser: Server | undefined;

/** Speaks HTTP/1.1 over a connection to a server in a container: keep-alive, chunks and all. */
export function serveHttp(connection: Duplex, handler: Handler, remoteAddress: string): void {
  served.set(connection, { handler, remoteAddress });
  // One server that listens nowhere reads and writes the protocol for all; its time-outs would be the host's.
  parser ??= createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
    answer(request, response).catch(() => {
      // The simulated server has failed: its client sees what that looks like.
      response.destroy();
    });
  });
  parser.emit('connection', connection);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const served_ = served.get(request.socket);
  if (served_ === undefined) throw new Error('connection is served by nobody');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    chunks.push(chunk);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  const wanted: HttpRequest = {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers,
    body: textOf(Buffer.concat(chunks)),
    remoteAddress: served_.remoteAddress,
  };
  const { status, headers: answered = {}, body } = await served_.handler(wanted);
  const bytes = bytesOf(body);
  response.writeHead(status, {
    ...(Object.keys(answered).some((name) => name.toLowerCase() === 'content-type')
      ? {}
      : { 'content-type': 'text/plain; charset=utf-8' }),
    ...answered,
    'content-length': bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
