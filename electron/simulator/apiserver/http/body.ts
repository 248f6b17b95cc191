import type { IncomingMessage } from 'node:http';
import { gunzip } from 'node:zlib';
import { parseDocument } from 'yaml';
import { messageOf } from '../../../../shared/error-message';
import { hasCode } from '../../../error-code';
import { isRecord } from '../json';
import { decodeProtobuf } from '../protobuf/decode';
import { PROTOBUF } from '../protobuf/messages';
import { badRequest, failure, tooLarge } from '../status-errors';
import { MEDIA_TYPES } from './accept';

/** apiserver's MaxRequestBodyBytes. */
const BODY_LIMIT = 3 * 1024 * 1024;

/** Deeper than anything that means something, and than what recursive code bears. */
const DEEPEST = 1000;

/**
 * The request's whole body as text.
 * @throws StatusError 413 when it is too large.
 */
export async function readBody(request: IncomingMessage, limit = BODY_LIMIT): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Giving up on a body must leave the connection open for the answer that says so.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(bytes);
  }
  const body = Buffer.concat(chunks);
  const plain = request.headers['content-encoding'] === 'gzip' ? await unzip(body, limit) : body;
  return contentType(request.headers['content-type']) === PROTOBUF ? protobufAsJson(plain) : plain.toString('utf8');
}

/** Go clients send the kinds they know in protobuf; from here on it is JSON like any other. */
function protobufAsJson(body: Buffer): string {
  if (body.length === 0) return '';
  let object: object | undefined;
  try {
    object = decodeProtobuf(body);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: proto: ${messageOf(error)}`);
  }
  if (object === undefined) throw unsupportedMediaType(MEDIA_TYPES);
  return JSON.stringify(object);
}

function unzip(body: Buffer, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: limit }, (error, result) => {
      if (error === null) resolve(result);
      else reject(hasCode(error, 'ERR_BUFFER_TOO_LARGE') ? tooLarge(limit) : badRequest(error.message));
    });
  });
}

/** The bare type of a Content-Type header; an absent one means JSON. */
export function contentType(header: string | undefined): string {
  return header?.split(';')[0]?.trim().toLowerCase() || 'application/json';
}

/**
 * Decodes an object's body.
 * @param kind what it should be, for the error's text.
 * @throws StatusError 415 for a type that is not read, 400 for a body that is no object.
 */
export function decodeObject(text: string, type: string, kind: string): Record<string, unknown> {
  const value = type === 'application/yaml' ? decodeYaml(text, kind) : decodeJson(text, type, kind);
  if (!isRecord(value)) throw unrecognized(kind, 'the body is not an object', text);
  if (isTooDeep(value)) throw unrecognized(kind, 'exceeded max depth', text);
  return value;
}

function decodeJson(text: string, type: string, kind: string): unknown {
  if (type !== 'application/json' && type !== PROTOBUF) {
    throw unsupportedMediaType(MEDIA_TYPES);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${messageOf(error)}`, text);
  }
}

function decodeYaml(text: string, kind: string): unknown {
  // Aliases are bounded: each can multiply what a few bytes stand for.
  const document = parseDocument(text, { uniqueKeys: false, version: '1.1', schema: 'core' });
  const fault = document.errors[0];
  if (fault !== undefined) throw unrecognized(kind, `error converting YAML to JSON: yaml: ${fault.message}`, text);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw unrecognized(kind, `error converting YAML to JSON: yaml: ${messageOf(error)}`, text);
  }
}

/** Checks without recursing, so that the check itself cannot run out of stack. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const child of Object.values(item)) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return false;
}

export function unsupportedMediaType(types: readonly string[]) {
  return failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  );
}

function unrecognized(kind: string, why: string, text: string) {
  const hex = Buffer.from(text.slice(0, 30)).toString('hex');
  const summary = text.length > 30 ? `${hex} ...` : hex;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary})`);
}
