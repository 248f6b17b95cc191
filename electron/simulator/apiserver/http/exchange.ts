import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import type { UserInfo } from '../../client';
import type { RequestTrace } from '../audit/request-trace';
import { anonymous } from '../authentication/users';
import { statusOf } from '../status-errors';
import { type Accepted, accepted, isPretty, negotiate } from './accept';
import { encode, indented } from './encoding';
import type { RequestInfo } from './request-info';
import { Warnings } from './warnings';

/** Answers above this are compressed for who accepts that (apiserver's defaultGzipThresholdBytes). */
const GZIP_FROM = 128 * 1024;
/** Bytes of a long answer that are sent at once. */
const PIECE = 512 * 1024;

/** One request with its answer, on its way through the stages. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly info: RequestInfo;
  /** What the audit trail is told; absent: there is none. */
  readonly trace: RequestTrace | undefined;
  readonly #durable: () => Promise<void>;
  #user: UserInfo = anonymous;
  readonly #warnings = new Warnings();

  /** @param durable resolves once all that could be told of by now would survive the process. */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    url: { path: string; query: URLSearchParams },
    info: RequestInfo,
    trace: RequestTrace | undefined,
    durable: () => Promise<void>,
  ) {
    this.request = request;
    this.response = response;
    this.path = url.path;
    this.query = url.query;
    this.info = info;
    this.trace = trace;
    this.#durable = durable;
  }

  /** Who makes the request, or whom it is made as. */
  get user(): UserInfo {
    return this.#user;
  }

  identify(user: UserInfo): void {
    this.#user = user;
  }

  /** Tells the client something in a `Warning` header, once. */
  warn(message: string): void {
    this.#warnings.add(message);
  }

  /** Headers that every answer bears; to be set before the first byte of a stream. */
  setCommonHeaders(): void {
    this.trace?.begins();
    if (!this.response.hasHeader('cache-control')) this.response.setHeader('cache-control', 'no-cache, private');
    const { headers } = this.#warnings;
    if (headers.length > 0) this.response.setHeader('warning', headers);
  }

  /**
   * Answers with an object in the format that the client asks for, once a crash could not take back what it tells, whether
   * this request wrote that or another (as etcd shows only what is committed).
   * @param json the object.
   * @throws StatusError 406 when it asks for none of ours, before anything is sent.
   * @throws Error when nothing can be made durable.
   */
  async json(
    code: number,
    json: string,
    accept: Accepted = accepted(this.request, this.query, 'as is'),
    type?: string,
  ): Promise<void> {
    await this.#durable();
    await this.#encoded(code, json, accept, type);
  }

  async #encoded(code: number, json: string, accept: Accepted, type?: string): Promise<void> {
    const encoded = encode(json, accept);
    await this.send(code, type ?? encoded.type, encoded.body);
  }

  async send(code: number, type: string, text: string | Uint8Array): Promise<void> {
    const { response, request } = this;
    this.setCommonHeaders();
    response.setHeader('content-type', type);
    let body: Uint8Array = typeof text === 'string' ? Buffer.from(text) : text;
    if (body.length > GZIP_FROM && acceptsGzip(request)) {
      body = await compressed(body);
      response.setHeader('content-encoding', 'gzip');
      response.appendHeader('vary', 'Accept-Encoding');
    }
    response.setHeader('content-length', body.length);
    response.writeHead(code);
    if (request.method === 'HEAD') response.end();
    else await writeInPieces(response, body);
  }

  /** Answers with what went wrong; ends the connection when an answer has begun already. */
  async fail(error: unknown): Promise<void> {
    const { response } = this;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // That something is or is not there is told by errors too.
    const status = statusOf(
      await this.#durable().then(
        () => error,
        (failure: unknown) => failure,
      ),
    );
    this.trace?.failed(status);
    const retryAfter = status.details?.retryAfterSeconds;
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    // What is left of a body that was not wanted is not worth reading.
    if (!this.request.complete) response.setHeader('connection', 'close');
    const code = status.code ?? 500;
    const text = JSON.stringify(status);
    const chosen = negotiate(this.request.headers.accept, false);
    // An error must not hide behind how it was to be written.
    if (chosen === undefined) return this.send(code, 'application/json', indented(text));
    const pretty = chosen.pretty || isPretty(this.request.headers['user-agent'], this.query);
    await this.#encoded(code, text, { ...chosen, pretty });
  }

  /** Answers after a mistake in the server; ends the connection when an answer has begun already (server/filters/wrap.go). */
  async panic(): Promise<void> {
    if (this.response.headersSent) {
      this.response.destroy();
      return;
    }
    if (!this.request.complete) this.response.setHeader('connection', 'close');
    await this.page(500, 'This request caused apiserver to panic. Look in the logs for details.\n');
  }

  /** Answers as Go's own servers do, for what no part of the API knows. */
  async page(code: number, text: string): Promise<void> {
    this.response.setHeader('x-content-type-options', 'nosniff');
    await this.send(code, 'text/plain; charset=utf-8', text);
  }
}

/**
 * Sends a long answer piece by piece, each when the last is on its way: the client reads while we still encrypt, and others
 * get their turn meanwhile. Ends early when the client goes.
 */
async function writeInPieces(response: ServerResponse, body: Uint8Array): Promise<void> {
  let at = 0;
  for (; body.length - at > PIECE && !response.destroyed; at += PIECE) {
    if (!response.write(body.subarray(at, at + PIECE))) await roomOrEnd(response);
  }
  response.end(body.subarray(at));
}

function roomOrEnd(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

function acceptsGzip(request: IncomingMessage): boolean {
  const header = request.headers['accept-encoding'];
  return (Array.isArray(header) ? header.join() : (header ?? '')).includes('gzip');
}

function compressed(body: Uint8Array): Promise<Uint8Array> {
  // Level 1, as upstream: the time saved is worth more than the bytes.
  return new Promise((resolve, reject) => {
    gzip(body, { level: 1 }, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}
