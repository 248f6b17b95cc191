import { groupVersionOf } from '../../../../shared/kubernetes/resources';
import { FIELDS } from './fields';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Every encoded object starts so (k8s.io/apimachinery/pkg/runtime/serializer/protobuf). */
export const MAGIC = Buffer.from('k8s\0');

export interface Field {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  /** May be there and zero: a pointer in Go. */
  readonly optional: boolean;
  readonly keepsZero: boolean;
  readonly shape: 'single' | 'list' | 'map' | 'map of lists';
}

/** The fields of a message by their numbers. */
export type Message = ReadonlyMap<number, Field>;

export type JsonObject = Record<string, unknown>;

let lines: Map<string, string> | undefined;
const messages = new Map<string, Message>();

/** The fields of a message by number; `undefined` when there is no such message. */
export function messageOf(name: string): Message | undefined {
  const known = messages.get(name);
  if (known !== undefined) return known;
  lines ??= new Map(
    FIELDS.trim()
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const line = lines.get(name);
  if (line === undefined) return undefined;
  const fields = line === '' ? [] : line.split(', ').map(parseField);
  const message = new Map(fields.map((field) => [field.number, field]));
  messages.set(name, message);
  return message;
}

const byName = new Map<string, ReadonlyMap<string, Field>>();

/**
 * How Go has a field: whether it is a pointer, and whether it is written when it is zero.
 * @param message as `core.v1.Container`.
 * @returns `undefined` when there is no such message or field.
 */
export function fieldOfMessage(message: string, name: string): Pick<Field, 'optional' | 'keepsZero'> | undefined {
  let fields = byName.get(message);
  if (fields === undefined) {
    fields = new Map([...(messageOf(message)?.values() ?? [])].map((field) => [field.name, field]));
    byName.set(message, fields);
  }
  return fields.get(name);
}

const SHAPES = { '': 'single', '[]': 'list', '{}': 'map', '{}L': 'map of lists' } as const;

function parseField(text: string): Field {
  const [number = '', name = '', rest = ''] = text.split(' ');
  const [, type = '', shape = '', mark = ''] = /^([\w.]+?)((?:\[\]|\{\}L?)?)(\*?!?)$/.exec(rest) ?? [];
  return {
    number: Number(number),
    name,
    type,
    optional: mark.startsWith('*'),
    keepsZero: mark.endsWith('!'),
    shape: SHAPES[shape as keyof typeof SHAPES],
  };
}

/** The message of a kind; `undefined` for a kind that has none, as those of custom resources. */
export function messageOfKind(apiVersion: string, kind: string): Message | undefined {
  // These go with every group, under that group's version.
  if (kind === 'DeleteOptions' || groupVersionOf(apiVersion).group === 'meta.k8s.io')
    return messageOf(`meta.v1.${kind}`);
  const name = messageNameOfKind(apiVersion, kind);
  return (
    messageOf(name) ??
    listOf(name, kind) ??
    (apiVersion === 'v1' || apiVersion === '' ? messageOf(`meta.v1.${kind}`) : undefined)
  );
}

/** What the message of a kind is called, if there is one. */
export function messageNameOfKind(apiVersion: string, kind: string): string {
  const { group, version } = groupVersionOf(apiVersion);
  // Whoever has a domain may call its group as Kubernetes' own begin.
  if (group.includes('.') && !group.endsWith('.k8s.io')) return '';
  return `${group.split('.')[0] || 'core'}.${version}.${kind}`;
}

/** Lists are all alike. */
function listOf(name: string, kind: string): Message | undefined {
  const item = name.slice(0, -4);
  if (!kind.endsWith('List') || messageOf(item) === undefined) return undefined;
  const list = new Map([
    [1, parseField('1 metadata meta.v1.ListMeta')],
    [2, parseField(`2 items ${item}[]`)],
  ]);
  messages.set(name, list);
  return list;
}
