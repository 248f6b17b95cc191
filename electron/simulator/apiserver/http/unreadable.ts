import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

// What Go's server (net/http, server.go and request.go) answers before any handler has seen a request.

/** Bytes that a request's line and headers may have (net/http, DefaultMaxHeaderBytes and its slop). */
export const MOST_HEADER_BYTES = 2 ** 20 + 4096;

/** The status line, which is also the text, by the error of Node's parser. */
const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_INVALID_VERSION: '505 HTTP Version Not Supported: unsupported protocol version',
};

/** Milliseconds for a client to take in an answer that came before it had sent everything (net/http, rstAvoidanceDelay). */
const LINGER = 500;

/** Answers what is no request, and ends the connection. To be told of `clientError`. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  // What still comes after the answer is no request either.
  if (socket.writableEnded && !socket.destroyed) return;
  // A client that is gone, or that took too long to say what it wants, is told nothing.
  if (!socket.writable || error.code === 'ECONNRESET' || error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.destroy();
    return;
  }
  const line = ANSWERS[error.code ?? ''] ?? '400 Bad Request';
  const headers = 'Content-Type: text/plain; charset=utf-8\r\nConnection: close';
  socket.end(`HTTP/1.1 ${line}\r\n${headers}\r\n\r\n${line}`);
  if (socket instanceof Socket) socket.setTimeout(LINGER, () => socket.destroy());
}

/**
 * Answers who speaks HTTP where TLS is spoken (net/http, server.go, `conn.serve`). To be told of `tlsClientError`.
 * @param connection what TLS was to be spoken over.
 */
export function answerPlain(error: NodeJS.ErrnoException, connection: Duplex | undefined): void {
  if (error.code !== 'ERR_SSL_HTTP_REQUEST' || connection?.writable !== true) return;
  connection.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
}

/** Whether a request names one host, as it must; answers it otherwise. */
export function namesHost({ rawHeaders, httpVersion, headers }: IncomingMessage, response: ServerResponse): boolean {
  const count = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  let problem: string | undefined;
  if (count > 1) problem = '400 Bad Request';
  else if (count === 0 && httpVersion === '1.1') problem = '400 Bad Request: missing required Host header';
  else if (!/^[\w.~!$&'()*+,;=:[\]%@-]*$/.test(headers.host ?? '')) problem = '400 Bad Request: malformed Host header';
  if (problem === undefined) return true;
  const length = Buffer.byteLength(problem);
  response.writeHead(400, problem.slice(4), {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': length,
    connection: 'close',
  });
  response.end(problem);
  return false;
}
