import type { JsonSchema } from '../../../../shared/kubernetes/json-schema';
import { pods } from '../../../../shared/kubernetes/resources';
import type { Scalar, SchemaNode } from '../patch/schema-node';
import { schemaFor } from '../schema';
import { itemsOf, valuesOf } from './schema/json-schema';

/**
 * How the fields of a custom resource are managed (apiextensions' typed values for server-side apply);
 * `undefined` where its schema keeps whatever comes.
 */
export function customResourceNode(schema: JsonSchema | undefined): SchemaNode | undefined {
  if (schema?.properties === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true) return undefined;
  const text = { type: 'string' };
  return {
    type: 'object',
    properties: {
      apiVersion: text,
      kind: text,
      ...nodesOf(schema),
      // All kinds have the same.
      metadata: schemaFor(pods)?.properties?.metadata ?? { type: 'object' },
    },
  };
}

const nodes = new WeakMap<JsonSchema, SchemaNode>();

const nodesOf = ({ properties = {} }: JsonSchema) =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, nodeOf(schema)]));

function nodeOf(schema: JsonSchema): SchemaNode {
  let node = nodes.get(schema);
  if (node === undefined) {
    node = makeNode(schema);
    nodes.set(schema, node);
  }
  return node;
}

/** kube-openapi's schemaconv, convertPrimitive. */
function scalarOf({ type, format = '' }: JsonSchema): Scalar | undefined {
  if (type === 'integer' || type === 'number') return 'numeric';
  if (type === 'boolean') return 'boolean';
  if (type !== 'string') return undefined;
  return format === '' || format === 'byte' ? 'string' : 'any';
}

function makeNode(schema: JsonSchema): SchemaNode {
  // Where unknown fields stay, nothing says how the known ones are divided: they are maps.
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return { type: schema.type ?? 'object' };
  if (schema['x-kubernetes-int-or-string'] === true) return { opaque: true };
  const items = itemsOf(schema);
  const values = valuesOf(schema);
  const listType = schema['x-kubernetes-list-type'];
  const listMapKeys = schema['x-kubernetes-list-map-keys'];
  const mapType = schema['x-kubernetes-map-type'];
  const scalar = scalarOf(schema);
  return {
    ...(scalar === undefined ? {} : { scalar }),
    ...(schema.type === undefined ? {} : { type: schema.type }),
    ...(schema.properties === undefined ? {} : { properties: nodesOf(schema) }),
    ...(items === undefined ? {} : { items: nodeOf(items) }),
    ...(values === undefined ? {} : { additionalProperties: nodeOf(values) }),
    ...(listType === undefined ? {} : { listType }),
    ...(listMapKeys === undefined ? {} : { listMapKeys }),
    ...(mapType === undefined ? {} : { mapType }),
    // A default that is an object would say that the field is always there.
    ...(typeof schema.default === 'object' ? {} : { default: schema.default }),
  };
}
