import type { JsonSchema } from '../../../../shared/kubernetes/json-schema';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { PublishedSchema } from '../registry/definition';
import { isSchema } from './schema/json-schema';

type Json = Record<string, unknown>;

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

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
      apiVersion: { type: 'string', description: 'The version of the schema that the object has.' },
      kind: { type: 'string', description: 'The kind of the object.' },
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

/** What OpenAPI v2 has no words for is left out (`ToStructuralOpenAPIV2`). */
function asV2(schema: JsonSchema): Json {
  const { oneOf: _, anyOf: __, allOf: ___, not: ____, default: _____, nullable, ...rest } = schema;
  // A null has no type there.
  if (nullable === true) {
    const { type: _t, items: _i, properties: _p, additionalProperties: _a, ...untyped } = rest;
    return untyped;
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
