import { writeJson } from '../encoding/json-writer';
import { isAlternative, toMessage } from './alternatives';
import { type Field, type JsonObject, MAGIC, type Message, messageOf, messageOfKind } from './messages';
import { Writer } from './writer';

/**
 * Encodes an object as Go clients read it. What is absent in JSON is absent here: to Go both mean zero.
 * @returns `undefined` when the kind has no protobuf form.
 */
export function encodeProtobuf({ apiVersion, kind, ...fields }: JsonObject): Uint8Array | undefined {
  // The first documents of discovery are of no version.
  const [version, name] = [String(apiVersion ?? ''), String(kind)];
  const message = messageOfKind(version, name);
  if (message === undefined) return undefined;
  const writer = new Writer();
  writer.raw(MAGIC);
  writer.nested(1, () => {
    writer.text(1, version);
    writer.text(2, name);
  });
  writer.nested(2, () => encodeFields(writer, message, fields));
  writer.text(3, '');
  writer.text(4, '');
  return writer.bytes();
}

/** One event of a watch (`meta/v1.WatchEvent`) around an encoded object. */
export function encodeWatchEvent(type: string, object: Uint8Array): Uint8Array {
  const event = new Writer();
  event.text(1, type);
  event.nested(2, () => event.block(1, object));
  return event.bytes();
}

function encodeFields(writer: Writer, message: Message, object: JsonObject): void {
  for (const field of message.values()) {
    if (field.name === '.') {
      // Fields of a message within that JSON does not know of.
      const inner = messageOf(field.type);
      if (inner !== undefined) writer.nested(field.number, () => encodeFields(writer, inner, object));
      continue;
    }
    const value = object[field.name];
    if (value !== undefined && value !== null) encodeField(writer, field, value);
  }
}

function encodeField(writer: Writer, field: Field, value: unknown): void {
  const { number, type, shape } = field;
  if (shape === 'single') {
    encodeValue(writer, number, type, value);
  } else if (shape === 'list') {
    for (const item of value as unknown[]) encodeValue(writer, number, type, item);
  } else {
    for (const [key, item] of Object.entries(value as JsonObject)) {
      writer.nested(number, () => {
        writer.text(1, key);
        if (shape === 'map') encodeValue(writer, 2, type, item);
        else writer.nested(2, () => encodeField(writer, { ...field, number: 1, shape: 'list' }, item));
      });
    }
  }
}

type Encode = (writer: Writer, number: number, value: unknown) => void;

const encodeJson: Encode = (writer, number, value) => writer.nested(number, () => writer.text(1, writeJson(value)));
const encodeMoment: Encode = (writer, number, value) => writer.nested(number, () => encodeTime(writer, String(value)));

/** Types that are no messages of the table. What is encoded has been through the schema: a field holds what its type says. */
const SCALARS: Readonly<Record<string, Encode>> = {
  string: (writer, number, value) => writer.text(number, String(value)),
  bytes: (writer, number, value) => writer.block(number, Buffer.from(String(value), 'base64')),
  bool: (writer, number, value) => writer.integer(number, value === true ? 1 : 0),
  int: (writer, number, value) => writer.integer(number, value as number | bigint),
  double: (writer, number, value) => writer.double(number, Number(value)),
  Quantity: (writer, number, value) => writer.nested(number, () => writer.text(1, String(value))),
  FieldsV1: encodeJson,
  RawExtension: encodeJson,
  Time: encodeMoment,
  MicroTime: encodeMoment,
  IntOrString: (writer, number, value) => writer.nested(number, () => encodeIntOrString(writer, value)),
};

function encodeValue(writer: Writer, number: number, type: string, value: unknown): void {
  const scalar = SCALARS[type];
  if (scalar !== undefined) {
    scalar(writer, number, value);
    return;
  }
  const message = messageOf(type);
  if (message === undefined) return;
  const fields = isAlternative(type) ? toMessage(type, value) : value;
  writer.nested(number, () => encodeFields(writer, message, fields as JsonObject));
}

function encodeTime(writer: Writer, text: string): void {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return;
  writer.integer(1, Math.floor(milliseconds / 1000));
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  writer.integer(2, Number(fraction.padEnd(9, '0').slice(0, 9)));
}

function encodeIntOrString(writer: Writer, value: unknown): void {
  const isText = typeof value === 'string';
  writer.integer(1, isText ? 1 : 0);
  writer.integer(2, isText ? 0 : (value as number));
  writer.text(3, isText ? value : '');
}
