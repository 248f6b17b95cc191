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
  return fillStruct(planOf(nameOf(object)), object as unknown as JsonObject, extent) as unknown as KubeObject;
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

/** A field in which something may be filled in. */
interface Slot {
  readonly name: string;
  readonly shape: Field['shape'];
  /** An empty list is written, as null once it is stored. */
  readonly keepsZero: boolean;
  /** What stands for the field when nobody has filled it: nothing, a struct, or a zero that only who reads it sees. */
  readonly zero: 'none' | 'struct' | { readonly written: unknown };
  /** Of the structs in it; `undefined` when they have nothing to fill, or it has none. */
  readonly plan: Plan | undefined;
}

/** Where something may be filled in within a struct. Every write asks this several times, so that it is found out but once. */
interface Plan {
  readonly embedded: Plan[];
  slots: Slot[];
}

const plans = new Map<string, Plan>();

function planOf(name: string): Plan {
  let plan = plans.get(name);
  if (plan === undefined) {
    plan = buildPlan(name);
    prune(plan, new Set());
  }
  return plan;
}

function buildPlan(name: string): Plan {
  let plan = plans.get(name);
  if (plan !== undefined) return plan;
  plan = { embedded: [], slots: [] };
  // Before its fields are: some structs, as JSON schemas, have themselves in them.
  plans.set(name, plan);
  for (const field of messageOf(name)?.values() ?? []) {
    if (field.name === '.') plan.embedded.push(buildPlan(field.type));
    else plan.slots.push(slotOf(field));
  }
  return plan;
}

/** Leaves those fields in which there is something to do: most have nothing. */
function prune(plan: Plan, seen: Set<Plan>): void {
  if (seen.has(plan)) return;
  seen.add(plan);
  plan.slots = plan.slots.filter(({ keepsZero, zero, plan }) => keepsZero || zero !== 'none' || fills(plan, new Set()));
  for (const part of parts(plan)) prune(part, seen);
}

function fills(plan: Plan | undefined, seen: Set<Plan>): boolean {
  if (plan === undefined || seen.has(plan)) return false;
  seen.add(plan);
  const here = plan.slots.some(({ keepsZero, zero }) => keepsZero || zero !== 'none');
  return here || parts(plan).some((part) => fills(part, seen));
}

const parts = ({ embedded, slots }: Plan): Plan[] => [
  ...embedded,
  ...slots.flatMap(({ plan }) => (plan === undefined ? [] : [plan])),
];

function slotOf({ name, type, shape, optional, keepsZero }: Field): Slot {
  const isStruct = hasFields(type);
  const plan = isStruct && type !== OBJECT_META ? buildPlan(type) : undefined;
  let zero: Slot['zero'] = 'none';
  if (shape !== 'single' || optional) zero = keepsZero ? { written: null } : 'none';
  else if (isStruct) zero = 'struct';
  else if (keepsZero || !SCALARS.includes(type)) zero = { written: ZEROS[type] };
  return { name, shape, keepsZero, zero, plan };
}

function fillStruct(plan: Plan, object: JsonObject, extent: Extent): JsonObject {
  let result = object;
  for (const embedded of plan.embedded) result = fillStruct(embedded, result, extent);
  for (const slot of plan.slots) {
    const value = object[slot.name] ?? undefined;
    const next = value === undefined ? zeroOf(slot, extent) : fill(slot, value, extent);
    if (next === value) continue;
    if (result === object) result = { ...object };
    result[slot.name] = next;
  }
  return result;
}

/** What stands for a field that nobody has filled; `undefined` when nothing does. */
function zeroOf({ zero, plan }: Slot, extent: Extent): unknown {
  if (zero === 'none') return undefined;
  if (zero === 'struct') return plan === undefined ? {} : fillStruct(plan, {}, extent);
  return extent === 'structs' ? undefined : zero.written;
}

function fill({ shape, keepsZero, plan }: Slot, value: unknown, extent: Extent): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0) return keepsZero && extent === 'stored' ? null : value;
    return plan === undefined ? value : fillItems(plan, value, extent);
  }
  if (plan === undefined || !isRecord(value)) return value;
  return shape === 'map' ? fillMembers(plan, value, extent) : fillStruct(plan, value, extent);
}

function fillItems(plan: Plan, items: readonly unknown[], extent: Extent): unknown {
  let result: unknown[] | undefined;
  items.forEach((item, index) => {
    const next = isRecord(item) ? fillStruct(plan, item, extent) : item;
    if (next === item) return;
    result ??= [...items];
    result[index] = next;
  });
  return result ?? items;
}

function fillMembers(plan: Plan, members: JsonObject, extent: Extent): JsonObject {
  let result: JsonObject | undefined;
  for (const [key, item] of Object.entries(members)) {
    const next = isRecord(item) ? fillStruct(plan, item, extent) : item;
    if (next === item) continue;
    result ??= { ...members };
    result[key] = next;
  }
  return result ?? members;
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
