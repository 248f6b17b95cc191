import type { FieldTypes } from '../checker/checker';
import { type CelFunction, overload } from '../functions';
import { type CelType, DYN, STRING, struct } from '../types';
import { EvaluationError, type Value } from '../values/value';
import { goTypeOf } from './go-value';

/**
 * What mutating policies make: the object as it should be, in part, and patches (k8s.io/apiserver/pkg/cel/mutation and
 * cel/library/jsonpatch.go).
 */
export const OBJECT = struct('Object');
export const JSON_PATCH = struct('JSONPatch');

/** Nothing is known of an object's fields: each may be there, with any value. */
const ANY_FIELDS: FieldTypes = { get: () => DYN };
const PATCH_FIELDS: FieldTypes = new Map<string, CelType>([
  ['op', STRING],
  ['from', STRING],
  ['path', STRING],
  ['value', DYN],
]);

/** The fields of `Object`, of `Object.spec` and all below, and of `JSONPatch`. */
export function fieldsOfPatchType(name: string): FieldTypes | undefined {
  if (name === JSON_PATCH.name) return PATCH_FIELDS;
  return name === OBJECT.name || name.startsWith(`${OBJECT.name}.`) ? ANY_FIELDS : undefined;
}

/** Refuses a patch whose texts are none, which the checker cannot always know. @throws EvaluationError */
export function checkPatchFields(type: CelType, fields: ReadonlyMap<string, Value>): void {
  if (type.name !== JSON_PATCH.name) return;
  for (const name of ['op', 'path', 'from']) {
    const value = fields.get(name);
    if (value === undefined || typeof value === 'string') continue;
    throw new EvaluationError(`unexpected type ${goTypeOf(value)} for JSONPatchType '${name}' field`);
  }
}

export const patchFunctions: readonly CelFunction[] = [
  {
    name: 'jsonpatch.escapeKey',
    overloads: [
      overload('string_jsonpatch_escapeKey_string', [STRING], STRING, (key: string) =>
        key.replaceAll('~', '~0').replaceAll('/', '~1'),
      ),
    ],
  },
];
