import type { DeclaredSize } from '../cost/estimate';
import { escapeProperty } from './escaping';
import { asResource, type Schema, valuesOf } from './schema';

/** Bytes of the largest request (k8s.io/apiserver/pkg/apis/cel/config.go, `MaxRequestSizeBytes`). */
const LARGEST_REQUEST = 3 * 1024 * 1024;

/** How much data of a schema there can be (k8s.io/apiserver/pkg/cel/common/schemas.go and pkg/cel/limits.go). */
interface Sizes {
  /** Characters, items or entries. */
  readonly most: number;
  /** Bytes of the shortest JSON. */
  readonly shortest: number;
  readonly elements?: Sizes;
  readonly isMap?: boolean;
  readonly fields?: ReadonlyMap<string, Sizes>;
}

/** Formats of a fixed form: the shortest text, and the longest. */
const FORMATS: Readonly<Record<string, readonly [number, number]>> = {
  duration: [3, 32],
  date: [12, 12],
  'date-time': [21, 32],
};

/** What a schema lets there be, for estimating what a rule on it may cost. */
export interface SchemaSizes {
  readonly declared: DeclaredSize;
  /** How many such values there can be in one request where nothing bounds their number. */
  readonly cardinality: number;
}

/** @returns `undefined` when expressions cannot see data of the schema. */
export function schemaSizes(schema: Schema, isResource: boolean): SchemaSizes | undefined {
  const root = sizesOf(schema, isResource);
  if (root === undefined) return undefined;
  return {
    declared: ([, ...path]) => path.reduce<Sizes | undefined>(below, root)?.most,
    cardinality: Math.floor(LARGEST_REQUEST / (root.shortest + 1)),
  };
}

function below(at: Sizes | undefined, name: string): Sizes | undefined {
  if (name === '@items' || name === '@values') return at?.elements;
  // Keys are as long as they like, but nobody has said so.
  if (name === '@keys') return at?.isMap ? { most: 0, shortest: 2 } : undefined;
  return at?.fields?.get(name);
}

function sizesOf(given: Schema, isResource: boolean): Sizes | undefined {
  if (given['x-kubernetes-int-or-string']) return { most: textLength(given), shortest: 1 };
  const schema = isResource ? asResource(given) : given;
  switch (schema.type) {
    case 'array': {
      const elements = schema.items && within(schema.items);
      if (elements === undefined) return undefined;
      const most = schema.maxItems ?? Math.floor((LARGEST_REQUEST - 2) / (elements.shortest + 1));
      return { most: Math.max(0, most), shortest: 2, elements };
    }
    case 'object':
      return objectSizes(schema);
    case 'string': {
      const [shortest, longest] = FORMATS[schema.format ?? ''] ?? [2, undefined];
      return { most: longest ?? textLength(schema), shortest };
    }
    case 'boolean':
      return { most: 0, shortest: 4 };
    case 'number':
    case 'integer':
      return { most: 0, shortest: 1 };
    default:
      return undefined;
  }
}

const within = (schema: Schema) => sizesOf(schema, schema['x-kubernetes-embedded-resource'] ?? false);

function objectSizes(schema: Schema): Sizes | undefined {
  const values = valuesOf(schema);
  if (values !== undefined) {
    const elements = within(values);
    if (elements === undefined) return undefined;
    const most = schema.maxProperties ?? Math.floor((LARGEST_REQUEST - 2) / (elements.shortest + 6));
    return { most: Math.max(0, most), shortest: 2, elements, isMap: true };
  }
  const fields = new Map<string, Sizes>();
  let shortest = 2;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const sizes = within(property);
    if (sizes === undefined) continue;
    const escaped = escapeProperty(name);
    if (escaped !== undefined) fields.set(escaped, sizes);
    const mustBeSent = schema.required?.includes(name) && property.default === undefined;
    if (mustBeSent) shortest += bytesOf(name) + sizes.shortest + 4;
  }
  return { most: 0, shortest, fields };
}

/** A character may be four bytes. */
function textLength({ maxLength, format, enum: values, 'x-kubernetes-int-or-string': isMixed }: Schema): number {
  if (maxLength !== undefined) return Math.max(0, format === 'byte' ? maxLength : maxLength * 4);
  if (isMixed || format === 'byte' || values === undefined || values.length === 0) return LARGEST_REQUEST - 2;
  return Math.max(0, ...values.map((value) => (typeof value === 'string' ? bytesOf(value) : 0)));
}

const encoder = new TextEncoder();
const bytesOf = (text: string) => encoder.encode(text).length;
