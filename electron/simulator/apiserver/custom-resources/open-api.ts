import type { JsonSchema } from '../../../../shared/kubernetes/json-schema';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { PublishedSchema } from '../registry/definition';
import { definitions, type Schema } from '../schema/document';
import { isSchema } from './schema/json-schema';

type Json = Record<string, unknown>;

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
/** A built-in kind, for what is said of the members that all have. */
const MODEL = 'io.k8s.api.core.v1.ConfigMap';

/**
 * A custom resource's kind as OpenAPI has it (apiextensions' controller/openapi/builder).
 * @param selectable the paths of fields that a selector may ask for: `.spec.color`.
 */
export function publishedSchema(
  { group, version, kind }: Resource,
  schema: JsonSchema | undefined,
  keepsUnknown: boolean,
  selectable: readonly string[],
): PublishedSchema {
  const fieldPaths = selectable.map((path) => ({ fieldPath: path.replace(/^\./, '') }));
  const extensions: Json = fieldPaths.length === 0 ? {} : { 'x-kubernetes-selectable-fields': fieldPaths };
  const identity = { 'x-kubernetes-group-version-kind': [{ group, kind, version }], ...extensions };
  const root = (own: Json, reference: Json): Json => ({
    ...own,
    type: 'object',
    properties: {
      ...(own.properties as Json | undefined),
      apiVersion: member('apiVersion'),
      kind: member('kind'),
      metadata: { description: member('metadata').description, ...reference },
    },
    ...identity,
    ...(keepsUnknown ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  });
  return {
    name: `${group.split('.').reverse().join('.')}.${version}.${kind}`,
    extensions,
    get v2() {
      // Where anything may be there, kubectl would take what is named for all there is.
      if (schema === undefined || keepsUnknown || schema['x-kubernetes-preserve-unknown-fields'] === true) {
        return { type: 'object', ...identity };
      }
      return root(asV2(schema), { $ref: `#/definitions/${META}` });
    },
    get v3() {
      const reference = { allOf: [{ $ref: `#/components/schemas/${META}` }] };
      return root(unfolded(schema ?? {}), reference);
    },
  };
}

function member(name: string): Schema {
  return definitions()[MODEL]?.properties?.[name] ?? {};
}

/** Says of what may be a number or a text that it is one of both (`Unfold` of apiextensions' apiserver/schema/unfold.go). */
function unfolded(schema: JsonSchema): Json {
  const { properties, items, additionalProperties, anyOf, allOf } = schema;
  const isEither = schema['x-kubernetes-int-or-string'] === true;
  const saysSo = isTwoTypes(anyOf) || isTwoTypes(allOf?.[0]?.anyOf);
  const types = isEither && !saysSo ? TWO_TYPES : undefined;
  return {
    ...schema,
    ...(types === undefined
      ? {}
      : anyOf === undefined
        ? { anyOf: types }
        : { allOf: [{ anyOf: types }, ...(allOf ?? [])] }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, item]) => [name, unfolded(item)])) }),
    ...(items !== undefined && isSchema(items) ? { items: unfolded(items) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: unfolded(additionalProperties) } : {}),
  };
}

const TWO_TYPES: readonly JsonSchema[] = [{ type: 'integer' }, { type: 'string' }];

function isTwoTypes(anyOf: readonly JsonSchema[] | undefined): boolean {
  return anyOf?.length === 2 && anyOf[0]?.type === 'integer' && anyOf[1]?.type === 'string';
}

/** What OpenAPI v2 has no words for is left out (`ToStructuralOpenAPIV2`). */
function asV2(schema: JsonSchema): Json {
  const { oneOf: _, anyOf: __, allOf: ___, not: ____, default: _____, nullable, ...rest } = schema;
  // What may be null has no type there, and what may hold anything says nothing of what it holds.
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (nullable === true || keepsUnknown) {
    const { type, items: _i, properties: _p, additionalProperties, ...untyped } = rest;
    return {
      ...untyped,
      ...(nullable === true || type === 'array' || type === 'object' ? {} : { type }),
      ...(typeof additionalProperties === 'object' ? { additionalProperties: asV2(additionalProperties) } : {}),
    };
  }
  const { properties, items, additionalProperties } = schema;
  return {
    ...rest,
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, item]) => [name, asV2(item)])) }),
    ...(items !== undefined && isSchema(items) ? { items: asV2(items) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: asV2(additionalProperties) } : {}),
  };
}
