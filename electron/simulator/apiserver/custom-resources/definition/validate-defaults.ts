import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { aggregateText } from '../../go-text';
import { deepCopy, deepEqual, isRecord } from '../../json';
import type { FieldError } from '../../validation/field-error';
import { validateRules } from '../rules/validate';
import { coerceEmbedded, EmbeddedError, validateEmbedded } from '../schema/embedded';
import { itemsOf } from '../schema/json-schema';
import { prune, prunePart } from '../schema/prune';
import { fieldErrors, invalidValue } from '../values/field-errors';
import { validateValue } from '../values/validate';

const META_FIELDS: ReadonlySet<string> = new Set(['metadata', 'apiVersion', 'kind']);

/** Where the walk is: in which resource, and how a value looks when it stands there. */
interface Place {
  readonly root: JsonSchema;
  /** Whether this is part of the resource's metadata, kind or apiVersion. */
  readonly insideMetadata: boolean;
  /** A whole resource with a value in this place. */
  around(value: unknown): Record<string, unknown>;
}

/**
 * That defaults are themselves valid, and that nothing of them would be pruned (apiextensions'
 * apiserver/schema/defaulting/validation.go).
 * @param requirePruned false for definitions that had unknown fields in their defaults before.
 */
export function validateDefaults(schema: JsonSchema, path: string, requirePruned: boolean): FieldError[] {
  const root = { ...schema, 'x-kubernetes-embedded-resource': true };
  return walk(root, path, { root, insideMetadata: false, around: asResource }, requirePruned);
}

function asResource(value: unknown): Record<string, unknown> {
  const object = isRecord(value) ? value : {};
  return { kind: 'Validation', apiVersion: 'validation/v1', ...object };
}

function walk(schema: JsonSchema, path: string, given: Place, requirePruned: boolean): FieldError[] {
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const place = isResource ? { root: schema, insideMetadata: false, around: asResource } : given;
  const errors: FieldError[] = [];
  if (schema.default !== undefined) errors.push(...defaultErrors(schema, `${path}.default`, place, requirePruned));
  // Maps of anything have no defaults inside.
  const items = itemsOf(schema);
  if (items !== undefined) {
    const inside = { ...place, around: (value: unknown) => place.around([value]) };
    errors.push(...walk(items, `${path}.items`, inside, requirePruned));
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const inside = {
      root: place.root,
      insideMetadata: place.insideMetadata || (isResource && META_FIELDS.has(name)),
      around: (value: unknown) => place.around({ [name]: value }),
    };
    errors.push(...walk(property, `${path}.properties[${name}]`, inside, requirePruned));
  }
  return errors;
}

function defaultErrors(schema: JsonSchema, field: string, place: Place, requirePruned: boolean): FieldError[] {
  const value = schema.default;
  const pruned =
    !place.insideMetadata && requirePruned && !isPruned(value, schema)
      ? [invalidValue(field, value, 'must not have unknown fields')]
      : [];
  const embedded = place.insideMetadata ? metadataErrors(value, field, place) : embeddedErrors(value, schema, field);
  if (embedded.length > 0) return [...pruned, ...embedded];
  const invalid = fieldErrors(validateValue(schema, value, ''), field);
  if (invalid.length > 0) return [...pruned, ...invalid];
  const isRoot = schema === place.root;
  const { errors } = validateRules(schema, value, value, field, undefined, isRoot);
  // A default may also come where nothing was.
  const fresh = errors.length > 0 ? [] : validateRules(schema, value, undefined, field, undefined, isRoot).errors;
  return [...pruned, ...errors, ...fresh];
}

function isPruned(value: unknown, schema: JsonSchema): boolean {
  const copy = deepCopy(value);
  if (schema['x-kubernetes-embedded-resource'] === true && isRecord(copy)) prune(copy, schema);
  else prunePart(copy, schema);
  return deepEqual(copy, value);
}

function embeddedErrors(value: unknown, schema: JsonSchema, field: string): FieldError[] {
  const copy = deepCopy(value);
  try {
    coerceEmbedded(copy, schema, field);
  } catch (error) {
    if (error instanceof EmbeddedError) return [error.error];
    throw error;
  }
  return validateEmbedded(copy, schema, field);
}

/** A default of metadata is judged as part of the resource that has it. */
function metadataErrors(value: unknown, field: string, { root, around }: Place): FieldError[] {
  const object = around(deepCopy(value));
  try {
    coerceEmbedded(object, root);
  } catch (error) {
    if (!(error instanceof EmbeddedError)) throw error;
    return [invalidValue(field, value, `must result in valid metadata: ${error.message}`)];
  }
  const texts = validateEmbedded(object, root).map((error) => `${error.field}: ${error.message}`);
  if (texts.length === 0) return [];
  return [invalidValue(field, value, `must result in valid metadata: ${aggregateText(texts)}`)];
}
