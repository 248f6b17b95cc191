/** What is read of an OpenAPI schema (`JSONSchemaProps` of a CustomResourceDefinition, and the schemas of built-in kinds). */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

const STRING: Schema = { type: 'string' };
const RESOURCE: Readonly<Record<string, Schema>> = {
  kind: STRING,
  apiVersion: STRING,
  metadata: { type: 'object', properties: { name: STRING, generateName: STRING } },
};

const isOf = (schema: Schema | undefined, type: string) => schema?.type === type;

/** The schema of a whole resource, of which some fields can always be read, whether the schema has them or not. */
export function asResource(schema: Schema): Schema {
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  const { name, generateName } = metadata?.properties ?? {};
  const isComplete =
    [kind, apiVersion, name, generateName].every((one) => isOf(one, 'string')) && isOf(metadata, 'object');
  if (isComplete) return schema;
  return { ...schema, type: 'object', properties: { ...schema.properties, ...RESOURCE } };
}

/** The schema of a map's values; `undefined` when it is no map or its values may be anything. */
export function valuesOf(schema: Schema): Schema | undefined {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
