import { rereadJson } from '../encoding/json-reader';
import { writeYaml } from '../encoding/yaml-writer';
import { encodeProtobuf } from '../protobuf/encode';
import { type JsonObject, PROTOBUF } from '../protobuf/messages';
import type { Accepted } from './accept';

/** An encoded object on its way to a client. */
export interface Encoded {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Writes an object, which comes as JSON, in the format that was agreed upon. */
export function encode(json: string, { format, pretty }: Accepted): Encoded {
  if (format === 'yaml') return { type: 'application/yaml', body: writeYaml(rereadJson(json)) };
  if (format === 'protobuf') {
    const body = encodeProtobuf(rereadJson(json) as JsonObject);
    // What has no protobuf form, such as an object of a custom resource, goes as it is.
    if (body !== undefined) return { type: PROTOBUF, body };
  }
  // Go's encoder ends a compact document with a line break, and an indented one with nothing.
  return { type: 'application/json', body: pretty ? indented(json) : `${json}\n` };
}

/** JSON, laid out for people without being read: its numbers may be larger than ours. */
export function indented(json: string): string {
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  return json.replace(/"(?:[^"\\]|\\.)*"|[{[](?:\s*[}\]])?|[}\],:]/g, (token) => {
    switch (token) {
      case '{':
      case '[':
        depth++;
        return token + line();
      case '}':
      case ']':
        depth--;
        return line() + token;
      case ',':
        return token + line();
      case ':':
        return ': ';
      default:
        return token;
    }
  });
}
