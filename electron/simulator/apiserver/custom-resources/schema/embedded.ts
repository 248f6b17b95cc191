import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { dns1035LabelProblems, pathSegmentProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { ObjectMeta } from '../../../../../shared/kubernetes/objects';
import { isRecord } from '../../json';
import { validateMetadata } from '../../registry/object-meta';
import { decodeMetadata, TypeMismatch } from '../../schema';
import { type FieldError, invalid, required } from '../../validation/field-error';
import { invalidValue } from '../values/field-errors';
import { itemsOf, propertyOf, valuesOf } from './json-schema';

/** An embedded resource whose own fields cannot be read. */
export class EmbeddedError extends Error {
  readonly error: FieldError;

  constructor(error: FieldError) {
    super(`${error.field}: ${error.message}`);
    this.error = error;
  }
}

const at = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

/**
 * Reads kind, apiVersion and metadata of the resources embedded in a value, and takes out of metadata what it does not have
 * (apiextensions' apiserver/schema/objectmeta/algorithm.go). The value is changed.
 * @returns the paths of what was taken out, in order.
 * @throws EmbeddedError when one of them has the wrong type.
 */
export function coerceEmbedded(value: unknown, schema: JsonSchema | undefined, path = ''): string[] {
  const unknown: string[] = [];
  coerce(value, schema, path, unknown);
  return unknown.sort();
}

function coerce(value: unknown, schema: JsonSchema | undefined, path: string, unknown: string[]): void {
  if (schema === undefined || !hasEmbedded(schema)) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const [index, item] of value.entries()) coerce(item, items, `${path}[${index}]`, unknown);
  } else if (isRecord(value)) {
    if (schema['x-kubernetes-embedded-resource'] === true) coerceResource(value, path, unknown);
    for (const [key, child] of Object.entries(value)) {
      const property = propertyOf(schema, key);
      coerce(child, property ?? valuesOf(schema), property === undefined ? `${path}[${key}]` : at(path, key), unknown);
    }
  }
}

function coerceResource(resource: Record<string, unknown>, path: string, unknown: string[]): void {
  for (const name of ['apiVersion', 'kind']) {
    const text = resource[name];
    if (text !== undefined && typeof text !== 'string') {
      throw new EmbeddedError(invalidValue(at(path, name), text, 'must be a string'));
    }
  }
  if (!Object.hasOwn(resource, 'metadata')) return;
  const field = at(path, 'metadata');
  try {
    const { metadata, problems } = decodeMetadata(resource.metadata, field);
    resource.metadata = metadata;
    unknown.push(...problems.map((problem) => problem.replace(/^unknown field "(.*)"$/, '$1')));
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    throw new EmbeddedError(invalidValue(field, resource.metadata, error.message));
  }
}

const embedding = new WeakMap<JsonSchema, boolean>();

/** Whether resources are embedded anywhere below, so that values of all other schemas need not be walked. */
function hasEmbedded(schema: JsonSchema | undefined): boolean {
  if (schema === undefined) return false;
  let known = embedding.get(schema);
  if (known === undefined) {
    known =
      schema['x-kubernetes-embedded-resource'] === true ||
      hasEmbedded(itemsOf(schema)) ||
      hasEmbedded(valuesOf(schema)) ||
      Object.values(schema.properties ?? {}).some(hasEmbedded);
    embedding.set(schema, known);
  }
  return known;
}

/** What is wrong with the resources embedded in a value (apiextensions' apiserver/schema/objectmeta/validation.go). */
export function validateEmbedded(value: unknown, schema: JsonSchema | undefined, path = ''): FieldError[] {
  if (schema === undefined || !hasEmbedded(schema)) return [];
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return value.flatMap((item, index) => validateEmbedded(item, items, `${path}[${index}]`));
  }
  if (!isRecord(value)) return [];
  return [
    ...(schema['x-kubernetes-embedded-resource'] === true ? resourceErrors(value, path) : []),
    ...Object.entries(value).flatMap(([key, child]) => {
      const property = propertyOf(schema, key);
      const place = property === undefined ? `${path}[${key}]` : at(path, key);
      return validateEmbedded(child, property ?? valuesOf(schema), place);
    }),
  ];
}

function resourceErrors(resource: Readonly<Record<string, unknown>>, path: string): FieldError[] {
  const errors = ['apiVersion', 'kind']
    .filter((name) => !Object.hasOwn(resource, name))
    .map((name) => required(at(path, name)));
  const { apiVersion, kind, metadata } = resource;
  const field = (name: string) => at(path, name);
  if (typeof apiVersion === 'string') {
    if (apiVersion === '') errors.push(invalid(field('apiVersion'), '', 'must not be empty'));
    else if (apiVersion.split('/').length > 2) {
      errors.push(invalid(field('apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
    }
  }
  if (typeof kind === 'string') {
    const problems = dns1035LabelProblems(kind.toLowerCase());
    if (kind === '') errors.push(invalid(field('kind'), '', 'must not be empty'));
    else if (problems.length > 0) {
      const detail = `may have mixed case, but should otherwise match: ${problems.join(',')}`;
      errors.push(invalid(field('kind'), kind, detail));
    }
  }
  if (isRecord(metadata)) {
    // That it has been read as metadata is what makes it some.
    const read = { ...metadata } as ObjectMeta;
    read.name ||= 'fakename';
    const rules = { path: field('metadata'), namespaced: Boolean(read.namespace) };
    errors.push(...validateMetadata(read, { ...rules, nameProblems: pathSegmentProblems }));
  }
  return errors;
}
