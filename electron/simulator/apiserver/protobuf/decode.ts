import { readJson } from '../encoding/json-reader';
import { fromMessage, isAlternative } from './alternatives';
import { type Field, type JsonObject, MAGIC, type Message, messageOf, messageOfKind } from './messages';

/** Walks over the fields of one encoded message. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** @returns the field's number and its content: a number of 64 bits, or bytes. */
  next(): { number: number; content: bigint | Buffer } {
    const key = Number(this.#varint());
    switch (key & 7) {
      case 0:
        return { number: key >> 3, content: this.#varint() };
      case 1:
        return { number: key >> 3, content: this.#take(8) };
      case 2:
        return { number: key >> 3, content: this.#take(Number(this.#varint())) };
      case 5:
        return { number: key >> 3, content: this.#take(4) };
      default:
        throw new Error(`illegal wireType ${key & 7}`);
    }
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error('unexpected EOF');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new Error('integer overflow');
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new Error('unexpected EOF');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/**
 * Turns an object as Go clients send it into the one that its JSON would give.
 * @returns `undefined` when it is of a kind that is not known here.
 * @throws Error when it is not well-formed.
 */
export function decodeProtobuf(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw new Error('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  for (const { number, content } of fieldsOf(body.subarray(MAGIC.length))) {
    if (!Buffer.isBuffer(content)) continue;
    if (number === 2) raw = content;
    if (number !== 1) continue;
    for (const part of fieldsOf(content)) {
      if (part.number === 1) apiVersion = String(part.content);
      if (part.number === 2) kind = String(part.content);
    }
  }
  const message = messageOfKind(apiVersion, kind);
  return message === undefined ? undefined : { apiVersion, kind, ...decodeMessage(raw, message) };
}

function* fieldsOf(bytes: Buffer): Iterable<{ number: number; content: bigint | Buffer }> {
  const reader = new Reader(bytes);
  while (!reader.done) yield reader.next();
}

function decodeMessage(bytes: Buffer, message: Message): JsonObject {
  const object: JsonObject = {};
  for (const { number, content } of fieldsOf(bytes)) {
    const field = message.get(number);
    // Of a newer release than ours.
    if (field === undefined) continue;
    if (field.name === '.') {
      Object.assign(object, decodeValue(field.type, content));
    } else if (field.shape === 'list') {
      const list = (object[field.name] as unknown[] | undefined) ?? [];
      list.push(decodeValue(field.type, content));
      object[field.name] = list;
    } else if (field.shape !== 'single') {
      const map = (object[field.name] as JsonObject | undefined) ?? {};
      const [key, value] = decodeEntry(field, content);
      map[key] = value;
      object[field.name] = map;
    } else {
      const value = decodeValue(field.type, content);
      if (value !== undefined && (field.optional || field.keepsZero || !isZero(value))) object[field.name] = value;
    }
  }
  return object;
}

const isZero = (value: unknown) => value === '' || value === 0 || value === false;

function decodeEntry(field: Field, content: bigint | Buffer): [string, unknown] {
  let key = '';
  let value: unknown = field.shape === 'map of lists' ? [] : '';
  for (const part of fieldsOf(bytesOf(content))) {
    if (part.number === 1) key = String(part.content);
    else if (field.shape === 'map') value = decodeValue(field.type, part.content);
    else value = [...fieldsOf(bytesOf(part.content))].map((item) => decodeValue(field.type, item.content));
  }
  return [key, value];
}

function decodeValue(type: string, content: bigint | Buffer): unknown {
  switch (type) {
    case 'string':
      return bytesOf(content).toString('utf8');
    case 'bytes':
      return bytesOf(content).toString('base64');
    case 'bool':
      return content !== 0n;
    case 'int':
      return Number.isSafeInteger(Number(content)) ? Number(content) : content;
    case 'double':
      return bytesOf(content).readDoubleLE();
    case 'Quantity':
      return String(firstField(content)?.content ?? '0');
    case 'FieldsV1':
    case 'RawExtension':
      return readJson(String(firstField(content)?.content ?? 'null'));
    case 'Time':
      return decodeTime(content)?.replace(/\.\d+Z$/, 'Z');
    case 'MicroTime':
      return decodeTime(content);
    case 'IntOrString':
      return decodeIntOrString(content);
    default: {
      const message = messageOf(type);
      if (message === undefined) throw new Error(`unknown message ${type}`);
      const fields = decodeMessage(bytesOf(content), message);
      return isAlternative(type) ? fromMessage(fields) : fields;
    }
  }
}

function bytesOf(content: bigint | Buffer): Buffer {
  if (Buffer.isBuffer(content)) return content;
  throw new Error('wrong wireType');
}

function firstField(content: bigint | Buffer) {
  return [...fieldsOf(bytesOf(content))].find(({ number }) => number === 1);
}

/** @returns RFC 3339 with microseconds; `undefined` for Go's zero time. */
function decodeTime(content: bigint | Buffer): string | undefined {
  let seconds = 0;
  let nanoseconds = 0;
  for (const { number, content: value } of fieldsOf(bytesOf(content))) {
    if (number === 1) seconds = Number(value);
    if (number === 2) nanoseconds = Number(value);
  }
  if (seconds === 0 && nanoseconds === 0) return undefined;
  const microseconds = String(Math.floor(nanoseconds / 1000)).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${microseconds}Z`;
}

function decodeIntOrString(content: bigint | Buffer): number | string {
  let isString = false;
  let number = 0;
  let text = '';
  for (const field of fieldsOf(bytesOf(content))) {
    if (field.number === 1) isString = field.content !== 0n;
    if (field.number === 2) number = Number(field.content);
    if (field.number === 3) text = String(field.content);
  }
  return isString ? text : number;
}
