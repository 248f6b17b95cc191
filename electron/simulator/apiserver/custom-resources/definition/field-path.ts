import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { propertyOf, valuesOf } from '../schema/json-schema';

/** A path into objects of a schema, as it stands in `fieldPath` and `selectableFields`. */
export interface SchemaPath {
  /** As errors print it: `spec.color`, `spec.map[key]`. */
  readonly path: string;
  /** The first field. */
  readonly root: string;
  /** What stands there. */
  readonly schema: JsonSchema;
}

/** A path that does not fit its schema; the message is upstream's. */
export class FieldPathError extends Error {}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
};

/**
 * Follows a path of fields and map keys: `.spec.color`, `.spec.map['a.b']` (apiextensions'
 * apiserver/schema/cel/validation.go ValidFieldPath).
 * @throws FieldPathError.
 */
export function resolveFieldPath(text: string, schema: JsonSchema, allowBrackets = true): SchemaPath {
  const tokens = tokensOf(text);
  let current: JsonSchema = schema;
  let path = '';
  let root = '';
  const step = (name: string) => {
    const next = follow(current, name);
    path = next.isField ? (path === '' ? name : `${path}.${name}`) : `${path}[${name}]`;
    if (root === '') root = name;
    current = next.schema;
  };
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    if (token === '.') step(mustFollow(tokens.shift()));
    else if (token === '[') {
      if (!allowBrackets) throw new FieldPathError('array notation is not allowed');
      const quoted = mustFollow(tokens.shift());
      if (!/^'.*'$/s.test(quoted) || quoted.length < 2) {
        throw new FieldPathError(`expected single quoted string but got ${quoted}`);
      }
      step(unescaped(quoted.slice(1, -1)));
      const end = mustFollow(tokens.shift());
      if (end !== ']') throw new FieldPathError(`expected ] but got ${end}`);
    } else throw new FieldPathError(`expected [ or . but got: ${token}`);
  }
  return { path, root, schema: current };
}

const tokensOf = (text: string) => text.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]]+/gs) ?? [];

function mustFollow(token: string | undefined): string {
  if (token === undefined) throw new FieldPathError('unexpected end of JSON path');
  return token;
}

function unescaped(text: string): string {
  return text.replace(/\\./gs, (match) => {
    const character = ESCAPES[match.charAt(1)];
    if (character === undefined) throw new FieldPathError(`invalid string literal: invalid escape char ${match}`);
    return character;
  });
}

function follow(schema: JsonSchema, name: string): { schema: JsonSchema; isField: boolean } {
  const isField = Object.keys(schema.properties ?? {}).length > 0;
  const next = isField ? propertyOf(schema, name) : valuesOf(schema);
  if (next === undefined) throw new FieldPathError('does not refer to a valid field');
  return { schema: next, isField };
}
