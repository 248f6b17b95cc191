import type {
  DefinitionSpec,
  DefinitionSubresources,
  DefinitionVersion,
  PrinterColumn,
  SelectableField,
} from '../../../../../shared/kubernetes/custom-resource-definitions';
import type { JsonSchema, ValidationRule } from '../../../../../shared/kubernetes/json-schema';
import { deepEqual } from '../../json';
import { isSchema } from '../schema/json-schema';

/**
 * How upstream sees a definition when it validates it: what all versions share stands beside them, which is why errors name
 * `spec.validation` and not `spec.versions[0].schema` (apiextensions/v1/conversion.go).
 */
export interface InternalSpec {
  readonly validation?: DefinitionVersion['schema'];
  readonly subresources?: DefinitionSubresources;
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly SelectableField[];
  /** Without what is shared. */
  readonly versions: readonly DefinitionVersion[];
}

export function internalSpec({ versions }: DefinitionSpec): InternalSpec {
  const schema = sharedBy(versions, ({ schema }) => schema);
  const subresources = sharedBy(versions, ({ subresources }) => subresources);
  const columns = sharedBy(versions, ({ additionalPrinterColumns = [] }) => additionalPrinterColumns);
  const fields = sharedBy(versions, ({ selectableFields = [] }) => selectableFields);
  return {
    ...(schema && { validation: schema }),
    ...(subresources && { subresources }),
    ...(columns && { additionalPrinterColumns: columns }),
    ...(fields && { selectableFields: fields }),
    versions: versions.map((version) => {
      const rest = { ...version };
      if (schema !== undefined) delete rest.schema;
      if (subresources !== undefined) delete rest.subresources;
      if (columns !== undefined) delete rest.additionalPrinterColumns;
      if (fields !== undefined) delete rest.selectableFields;
      return rest;
    }),
  };
}

/** The value that all versions have, if they do. */
function sharedBy<T>(versions: readonly DefinitionVersion[], read: (version: DefinitionVersion) => T): T | undefined {
  const [first, ...others] = versions.map(read);
  return others.every((other) => deepEqual(other, first)) ? first : undefined;
}

/** Versions as Go prints them inside a message. */
export function versionsText(versions: readonly DefinitionVersion[]): string {
  return escaped(
    versions.map((version) => ({
      Name: version.name,
      Served: version.served,
      Storage: version.storage,
      Deprecated: version.deprecated ?? false,
      DeprecationWarning: version.deprecationWarning ?? null,
      Schema:
        version.schema === undefined
          ? null
          : {
              OpenAPIV3Schema:
                version.schema.openAPIV3Schema === undefined ? null : internalSchema(version.schema.openAPIV3Schema),
            },
      Subresources:
        version.subresources === undefined
          ? null
          : {
              Status: version.subresources.status ?? null,
              Scale:
                version.subresources.scale === undefined
                  ? null
                  : {
                      SpecReplicasPath: version.subresources.scale.specReplicasPath,
                      StatusReplicasPath: version.subresources.scale.statusReplicasPath,
                      LabelSelectorPath: version.subresources.scale.labelSelectorPath ?? null,
                    },
            },
      AdditionalPrinterColumns:
        version.additionalPrinterColumns?.map((column) => ({
          Name: column.name,
          Type: column.type,
          Format: column.format ?? '',
          Description: column.description ?? '',
          Priority: column.priority ?? 0,
          JSONPath: column.jsonPath,
        })) ?? null,
      SelectableFields: version.selectableFields?.map(({ jsonPath }) => ({ JSONPath: jsonPath })) ?? null,
    })),
  );
}

/** A schema as Go prints it inside a message. */
export function schemaText(schema: JsonSchema): string {
  return escaped(internalSchema(schema));
}

/** A rule as Go prints it inside a message. */
export function ruleText(rule: ValidationRule): string {
  return escaped(internalRule(rule));
}

/** As Go's encoder writes structs: members in their own order. */
function escaped(value: object): string {
  return JSON.stringify(value).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

function internalRule(rule: ValidationRule): object {
  return {
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

const schemas = (list: readonly JsonSchema[] | undefined) => list?.map(internalSchema) ?? null;

function schemaMap(map: Readonly<Record<string, JsonSchema>> | undefined): object | null {
  if (map === undefined) return null;
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, schema]) => [name, internalSchema(schema)]));
}

function schemaOrBool(value: JsonSchema | boolean | undefined): object | null {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? { Allows: value, Schema: null } : { Allows: true, Schema: internalSchema(value) };
}

/** The members of apiextensions.JSONSchemaProps, in its order. */
function internalSchema(schema: JsonSchema): object {
  const { items } = schema;
  return {
    ID: schema.id ?? '',
    Schema: schema.$schema ?? '',
    Ref: schema.$ref ?? null,
    Description: schema.description ?? '',
    Type: schema.type ?? '',
    Nullable: schema.nullable ?? false,
    Format: schema.format ?? '',
    Title: schema.title ?? '',
    Default: schema.default ?? null,
    Maximum: schema.maximum ?? null,
    ExclusiveMaximum: schema.exclusiveMaximum ?? false,
    Minimum: schema.minimum ?? null,
    ExclusiveMinimum: schema.exclusiveMinimum ?? false,
    MaxLength: schema.maxLength ?? null,
    MinLength: schema.minLength ?? null,
    Pattern: schema.pattern ?? '',
    MaxItems: schema.maxItems ?? null,
    MinItems: schema.minItems ?? null,
    UniqueItems: schema.uniqueItems ?? false,
    MultipleOf: schema.multipleOf ?? null,
    Enum: schema.enum ?? null,
    MaxProperties: schema.maxProperties ?? null,
    MinProperties: schema.minProperties ?? null,
    Required: schema.required ?? null,
    Items: items === undefined ? null : itemsText(items),
    AllOf: schemas(schema.allOf),
    OneOf: schemas(schema.oneOf),
    AnyOf: schemas(schema.anyOf),
    Not: schema.not === undefined ? null : internalSchema(schema.not),
    Properties: schemaMap(schema.properties),
    AdditionalProperties: schemaOrBool(schema.additionalProperties),
    PatternProperties: schemaMap(schema.patternProperties),
    Dependencies: schema.dependencies ?? null,
    AdditionalItems: schemaOrBool(schema.additionalItems),
    Definitions: schemaMap(schema.definitions),
    ExternalDocs:
      schema.externalDocs === undefined
        ? null
        : { Description: schema.externalDocs.description ?? '', URL: schema.externalDocs.url ?? '' },
    Example: schema.example ?? null,
    XPreserveUnknownFields: schema['x-kubernetes-preserve-unknown-fields'] ?? null,
    XEmbeddedResource: schema['x-kubernetes-embedded-resource'] ?? false,
    XIntOrString: schema['x-kubernetes-int-or-string'] ?? false,
    XListMapKeys: schema['x-kubernetes-list-map-keys'] ?? null,
    XListType: schema['x-kubernetes-list-type'] ?? null,
    XMapType: schema['x-kubernetes-map-type'] ?? null,
    XValidations: schema['x-kubernetes-validations']?.map(internalRule) ?? null,
  };
}

function itemsText(items: JsonSchema | readonly JsonSchema[]): object {
  return isSchema(items)
    ? { Schema: internalSchema(items), JSONSchemas: null }
    : { Schema: null, JSONSchemas: items.map(internalSchema) };
}
