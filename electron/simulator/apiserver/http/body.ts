import type { IncomingMessage } from 'node:http';
import { failure, tooLarge } from '../status-errors';
import { MEDIA_TYPES } from './accept';

/** apiserver's MaxRequestBodyBytes. */
const BODY_LIMIT = 3 * 1024 * 1024;

/**
 * The request's whole body, as it came: what its Content-Encoding says is not looked at, as upstream does not either.
 * @throws StatusError 413 when it is too large.
 */
export async function readBody(request: IncomingMessage, limit = BODY_LIMIT): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Giving up on a body must leave the connection open for the answer that says so.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The bare type of a Content-Type header; an absent one means JSON. */
export function contentType(header: string | undefined): string {
  return header ? (header.split(';')[0] ?? '').trim().toLowerCase() : 'application/json';
}

/** For a body in a format that is none of those that are read. */
export function unsupportedMediaType(types: readonly string[] = MEDIA_TYPES) {
  const list = types.join(', ');
  const message = `the body of the request was in an unknown format - accepted media types include: ${list}`;
  return failure(415, 'UnsupportedMediaType', message);
}
