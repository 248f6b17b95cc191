import { writeJson } from '../encoding/json-writer';
import { isRecord } from '../json';
import type { Scalar, SchemaNode } from '../patch/schema-node';

/** How ownership divides a value (structured-merge-diff's schema): into fields, entries or items, or not at all. */
export type FieldType = LeafType | StructType | MapType | ListType;

/** A scalar, or a list or map that is owned as one. */
export interface LeafType {
  readonly shape: 'leaf';
  /** What a scalar must be; absent: anything. */
  readonly scalar?: Scalar;
  /** Of a list that is owned whole: what is in it. */
  readonly items?: FieldType;
}

export interface StructType {
  readonly shape: 'struct';
  readonly fields: ReadonlyMap<string, StructField>;
  /** Whether it may have fields besides. */
  readonly open: boolean;
}

export interface StructField {
  /** `f:name`. */
  readonly element: string;
  readonly type: FieldType;
  /** Whether Go's struct always has it, be it empty: then nobody comes to own the field itself by filling it. */
  readonly always: boolean;
  /** Whether nobody owns it: the server's own metadata. */
  readonly stripped: boolean;
}

export interface MapType {
  readonly shape: 'map';
  readonly values: FieldType;
}

export interface ListType {
  readonly shape: 'list';
  readonly items: FieldType;
  /** The fields that tell items apart; empty for a set of scalars. */
  readonly keys: readonly { readonly name: string; readonly default: unknown }[];
}

const LEAF_TYPE: LeafType = { shape: 'leaf' };
const SCALARS: Readonly<Record<Scalar, LeafType>> = {
  string: { shape: 'leaf', scalar: 'string' },
  numeric: { shape: 'leaf', scalar: 'numeric' },
  boolean: { shape: 'leaf', scalar: 'boolean' },
  any: { shape: 'leaf', scalar: 'any' },
};

/** Where no schema says more: maps have entries, and all else is owned whole. */
export const ANY: MapType = {
  shape: 'map',
  get values() {
    return ANY;
  },
};

/** fieldmanager/stripmeta.go. */
const STRIPPED_FIELDS = new Set(['apiVersion', 'kind']);
const STRIPPED_METADATA = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]);

const NOTHING: ReadonlySet<string> = new Set();
const types = new WeakMap<SchemaNode, FieldType>();
const roots = new WeakMap<SchemaNode, StructType>();

/** The type of a kind's whole objects, made once. */
export function objectType(schema: SchemaNode | undefined): StructType {
  if (schema?.properties === undefined) return UNKNOWN_KIND;
  let type = roots.get(schema);
  if (type === undefined) {
    const metadata = schema.properties.metadata;
    type = structOf(schema, STRIPPED_FIELDS, (name, node) =>
      name === 'metadata' && metadata?.properties !== undefined
        ? structOf(metadata, STRIPPED_METADATA, (_, child) => typeOf(child))
        : typeOf(node),
    );
    roots.set(schema, type);
  }
  return type;
}

/** Types refer to each other, some in circles: each is made when it is first looked at. */
function typeOf(schema: SchemaNode): FieldType {
  let type = types.get(schema);
  if (type === undefined) {
    type = makeType(schema);
    types.set(schema, type);
  }
  return type;
}

function makeType(schema: SchemaNode): FieldType {
  if (schema.mapType === 'atomic' || schema.opaque === true) return LEAF_TYPE;
  if (schema.type === 'array') return listOf(schema);
  if (schema.properties !== undefined) return structOf(schema, NOTHING, (_, node) => typeOf(node));
  if (schema.type !== 'object') return schema.scalar === undefined ? LEAF_TYPE : SCALARS[schema.scalar];
  const values = schema.additionalProperties;
  return { shape: 'map', values: values === undefined ? ANY : typeOf(values) };
}

function listOf({ items, listType, listMapKeys = [] }: SchemaNode): FieldType {
  if (items === undefined) return LEAF_TYPE;
  if (listType !== 'map' && listType !== 'set') {
    return {
      shape: 'leaf',
      get items() {
        return typeOf(items);
      },
    };
  }
  // Upstream has them in order.
  const keys = listType === 'set' ? [] : [...listMapKeys].sort();
  return {
    shape: 'list',
    get items() {
      return typeOf(items);
    },
    keys: keys.map((name) => ({ name, default: items.properties?.[name]?.default })),
  };
}

function structOf(
  schema: SchemaNode,
  stripped: ReadonlySet<string>,
  make: (name: string, node: SchemaNode) => FieldType,
): StructType {
  let fields: ReadonlyMap<string, StructField> | undefined;
  return {
    shape: 'struct',
    get fields() {
      fields ??= new Map(
        Object.entries(schema.properties ?? {}).map(([name, node]) => [
          name,
          {
            element: `f:${name}`,
            type: make(name, node),
            always: isRecord(node.default) || (node.type === 'array' && schema.required?.includes(name) === true),
            stripped: stripped.has(name),
          },
        ]),
      );
      return fields;
    },
    open: false,
  };
}

const strippedFields = (names: ReadonlySet<string>) =>
  [...names].map((name): [string, StructField] => [
    name,
    { element: `f:${name}`, type: LEAF_TYPE, always: false, stripped: true },
  ]);

const UNKNOWN_KIND: StructType = {
  shape: 'struct',
  open: true,
  fields: new Map<string, StructField>([
    ...strippedFields(STRIPPED_FIELDS),
    [
      'metadata',
      {
        element: 'f:metadata',
        type: { shape: 'struct', open: true, fields: new Map(strippedFields(STRIPPED_METADATA)) },
        always: true,
        stripped: false,
      },
    ],
  ]),
};

/** The path element of a list's item; `undefined` when it has none of the keys. */
export function itemElement({ keys }: ListType, item: unknown): string | undefined {
  if (keys.length === 0) return `v:${writeJson(item)}`;
  if (!isRecord(item)) return undefined;
  let text = '';
  for (const key of keys) {
    const value = item[key.name] ?? key.default;
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}"${key.name}":${writeJson(value)}`;
  }
  return text === '' ? undefined : `k:{${text}}`;
}
