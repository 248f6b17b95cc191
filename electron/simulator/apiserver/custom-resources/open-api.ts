import type { JsonSchema } from '../../../../shared/kubernetes/json-schema';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { PublishedSchema } from '../registry/definition';
import { definitions, type Schema } from '../schema/document';
import { isSchema } from './schema/json-schema';

type Json = Record<string, unknown>;

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
/** A built-in kind, for what is said of the members that all have. */
const MODEL = 'io.k8s.api.core.v1.ConfigMap';

/** A custom resource's kind as OpenAPI has it (apiextensions' controller/openapi/builder). */
export function publishedSchema(
  { group, version, kind }: Resource,
  schema: JsonSchema | undefined,
  keepsUnknown: boolean,
): PublishedSchema {
  const identity = [{ group, version, kind }];
  const root = (own: Json, reference: Json): Json => ({
    ...own,
    type: 'object',
    properties: {
      ...(own.properties as Json | undefined),
      apiVersion: member('apiVersion'),
      kind: member('kind'),
      metadata: reference,
    },
    'x-kubernetes-group-version-kind': identity,
    ...(keepsUnknown ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  });
  return {
    name: `${group.split('.').reverse().join('.')}.${version}.${kind}`,
    get v2() {
      return root(keepsUnknown ? {} : asV2(schema ?? {}), { $ref: `#/definitions/${META}` });
    },
    get v3() {
      const reference = { allOf: [{ $ref: `#/components/schemas/${META}` }] };
      return root({ ...schema }, reference);
    },
  };
}

function member(name: string): Schema {
  return definitions()[MODEL]?.properties?.[name] ?? {};
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
