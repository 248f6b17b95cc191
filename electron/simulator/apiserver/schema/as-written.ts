import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { isRecord } from '../json';
import { isAlternative } from '../protobuf/alternatives';
import { type Field, type JsonObject, messageNameOfKind, messageOf } from '../protobuf/messages';

// What Go has of an object though nobody has filled it (encoding/json with the tags of k8s.io/api): a struct that is no pointer
// is always there; a list, a pointer or a scalar is left out only where `omitempty` says so; and a moment is a struct, which is
// null when it is zero. Within the server, objects have such structs but no nulls, which their types do not know of.

/** As it is written once it is stored. A copy, which shares with the object what it can. */
export function asWritten(object: KubeObject): KubeObject {
  return filled(object, KEPT_AS_JSON.test(nameOf(object)) ? 'sent' : 'stored');
}

/** The same before it is stored: until then, a list without items is something else than none. */
export function asSent(object: KubeObject): KubeObject {
  return filled(object, 'sent');
}

/** Gives an object its structs, and nothing else. Changes the object. */
export function addStructs(object: KubeObject): void {
  Object.assign(object, filled(object, 'structs'));
}

/** Takes the nulls away again. Changes the object. */
export function dropNulls(object: KubeObject): void {
  dropNullsOf(nameOf(object), object as unknown as JsonObject);
}

function filled(object: KubeObject, extent: Extent): KubeObject {
  // Fields are added to it and its parts, and nothing else: it stays what it is.
  return fillStruct(nameOf(object), object as unknown as JsonObject, extent) as unknown as KubeObject;
}

const nameOf = ({ apiVersion = '', kind = '' }: KubeObject) => messageNameOfKind(apiVersion, kind);

/** What is filled: structs, what is not left out, or also lists that are empty, which become null. */
type Extent = 'structs' | 'sent' | 'stored';

/** Has no field that is written when zero (`creationTimestamp` has `omitzero`), and is everywhere. */
const OBJECT_META = 'meta.v1.ObjectMeta';
/** Kept as JSON, in which a list may be empty; what is kept as protobuf has lists of something, or none. */
const KEPT_AS_JSON = /^apiextensions\./;
const ZEROS: Readonly<Record<string, unknown>> = {
  string: '',
  int: 0,
  double: 0,
  bool: false,
  bytes: null,
  Quantity: '0',
  IntOrString: 0,
  Time: null,
  MicroTime: null,
  RawExtension: null,
};
const SCALARS = ['string', 'int', 'double', 'bool', 'bytes'];

const filledFields = new Map<string, readonly Field[]>();

/** The fields of a message that something may stand in for, or that something may be filled in: of most nothing is said. */
function fieldsToFill(name: string): readonly Field[] {
  let fields = filledFields.get(name);
  if (fields === undefined) {
    const isFilled = ({ type, shape, optional, keepsZero }: Field) =>
      keepsZero || hasFields(type) || (shape === 'single' && !optional && !SCALARS.includes(type));
    fields = [...(messageOf(name)?.values() ?? [])].filter(isFilled);
    filledFields.set(name, fields);
  }
  return fields;
}

function fillStruct(name: string, object: JsonObject, extent: Extent): JsonObject {
  let result = object;
  for (const field of fieldsToFill(name)) {
    if (field.name === '.') {
      result = fillStruct(field.type, result, extent);
      continue;
    }
    const value = object[field.name] ?? undefined;
    const next = value === undefined ? zeroOf(field, extent) : fill(field, value, extent);
    if (next === value) continue;
    if (result === object) result = { ...object };
    result[field.name] = next;
  }
  return result;
}

/** What stands for a field that nobody has filled; `undefined` when nothing does. */
function zeroOf({ type, shape, optional, keepsZero }: Field, extent: Extent): unknown {
  if (shape === 'single' && !optional) {
    if (type === OBJECT_META) return {};
    if (hasFields(type)) return fillStruct(type, {}, extent);
    const isThere = extent !== 'structs' && (keepsZero || !SCALARS.includes(type));
    return isThere ? ZEROS[type] : undefined;
  }
  return keepsZero && extent !== 'structs' ? null : undefined;
}

function fill({ type, shape, keepsZero }: Field, value: unknown, extent: Extent): unknown {
  if (Array.isArray(value) && value.length === 0) return keepsZero && extent === 'stored' ? null : value;
  if (type === OBJECT_META || !hasFields(type)) return value;
  const fillOne = (item: unknown) => (isRecord(item) ? fillStruct(type, item, extent) : item);
  if (Array.isArray(value)) {
    const items = value.map(fillOne);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (shape === 'map' && isRecord(value)) {
    const entries = Object.entries(value).map(([key, item]) => [key, fillOne(item)] as const);
    return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
  }
  return fillOne(value);
}

function hasFields(type: string): boolean {
  return !isAlternative(type) && messageOf(type) !== undefined;
}

function dropNullsOf(name: string, object: JsonObject): void {
  for (const { name: field, type, shape } of messageOf(name)?.values() ?? []) {
    const value = field === '.' ? object : object[field];
    if (value === null) delete object[field];
    if (!isRecord(value) && !Array.isArray(value)) continue;
    if (!hasFields(type)) continue;
    const items = Array.isArray(value) ? value : shape === 'map' ? Object.values(value) : [value];
    for (const item of items) if (isRecord(item)) dropNullsOf(type, item);
  }
}
