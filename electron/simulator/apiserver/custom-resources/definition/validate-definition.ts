import { isConditionTrue } from '../../../../../shared/kubernetes/conditions';
import type {
  CustomResourceDefinition,
  DefinitionSpec,
  DefinitionVersion,
} from '../../../../../shared/kubernetes/custom-resource-definitions';
import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../../../../../shared/kubernetes/label-syntax';
import { goJson } from '../../go-text';
import { deepEqual } from '../../json';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../validation/field-error';
import { immutable } from '../../validation/values';
import { hasKnownReviewVersion } from '../../validation/webhook-client';
import { everySchema, isSchema } from '../schema/json-schema';
import { validateStructural } from '../schema/structural';
import { validateApproval } from './approval';
import { type InternalSpec, internalSpec, schemaText, versionsText } from './internal';
import { isBundle, validateConversion } from './validate-conversion';
import { validateDefaults } from './validate-defaults';
import { validateNames } from './validate-names';
import { validateColumn, validateSelectableFields, validateSubresources } from './validate-paths';
import { validateRuleTexts } from './validate-rules';
import { UNSUPPORTED, validateSchema } from './validate-schema';

/** What a definition may go on doing wrong because it did before. */
interface Leniency {
  /** Defaults with unknown fields. */
  readonly unprunedDefaults: boolean;
  readonly unknownReviewVersion: boolean;
  readonly anyBundle: boolean;
  /** More selectable fields than are allowed: in these versions. */
  readonly manyFields: ReadonlySet<string>;
  /** Versions whose schema stays: their rules may cost what they did. */
  readonly unchanged: ReadonlySet<string>;
}

const NEW: Leniency = {
  unprunedDefaults: false,
  unknownReviewVersion: false,
  anyBundle: true,
  manyFields: new Set(),
  unchanged: new Set(),
};

/** What is wrong with a new definition (apiextensions/validation/validation.go ValidateCustomResourceDefinition). */
export function validateDefinition(definition: CustomResourceDefinition): FieldError[] {
  const { metadata, spec } = definition;
  const isNamed = metadata.name === `${spec.names.plural}.${spec.group}`;
  return [
    ...(isNamed ? [] : [invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...specErrors(definition.spec, NEW),
    ...validateNames(definition.status?.acceptedNames ?? {}, 'status.acceptedNames'),
    ...storedVersionErrors(definition),
    ...validateApproval(definition, undefined),
    ...preserveErrors(definition.spec, undefined),
  ];
}

/** What is wrong with a change of a definition (ValidateCustomResourceDefinitionUpdate). */
export function validateDefinitionUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  const { spec } = definition;
  const established = isConditionTrue(old.status?.conditions, 'Established');
  return [
    ...specErrors(spec, leniencyOf(definition, old)),
    ...(established
      ? [
          ...immutable(spec.scope, old.spec.scope, 'spec.scope'),
          ...immutable(spec.names.kind, old.spec.names.kind, 'spec.names.kind'),
        ]
      : []),
    ...immutable(spec.group, old.spec.group, 'spec.group'),
    ...immutable(spec.names.plural, old.spec.names.plural, 'spec.names.plural'),
    ...validateNames(definition.status?.acceptedNames ?? {}, 'status.acceptedNames'),
    ...storedVersionErrors(definition),
    ...validateApproval(definition, old),
    ...preserveErrors(spec, old.spec),
  ];
}

/** What is wrong with a change of its status (ValidateUpdateCustomResourceDefinitionStatus). */
export function validateDefinitionStatus({ status }: CustomResourceDefinition): FieldError[] {
  return validateNames(status?.acceptedNames ?? {}, 'status.acceptedNames');
}

function leniencyOf({ spec }: CustomResourceDefinition, old: CustomResourceDefinition): Leniency {
  const webhook = old.spec.conversion?.webhook;
  const reviewVersions = webhook?.conversionReviewVersions ?? [];
  const bundle = webhook?.clientConfig?.caBundle;
  const schemas = old.spec.versions.flatMap(({ schema }) => schema?.openAPIV3Schema ?? []);
  return {
    unprunedDefaults: schemas.some((schema) =>
      validateDefaults(schema, '', true).some(({ message }) => message.endsWith(': must not have unknown fields')),
    ),
    unknownReviewVersion: reviewVersions.length > 0 && !hasKnownReviewVersion(reviewVersions),
    anyBundle:
      !isConditionTrue(old.status?.conditions, 'Established') ||
      (bundle !== undefined && bundle !== '' && !isBundle(bundle)),
    manyFields: new Set(
      spec.versions
        .filter(({ name, selectableFields }) => {
          const before = old.spec.versions.find((version) => version.name === name)?.selectableFields ?? [];
          return before.length > 8 && deepEqual(before, selectableFields);
        })
        .map(({ name }) => name),
    ),
    unchanged: new Set(
      spec.versions
        .filter(({ name, schema }) =>
          old.spec.versions.some((each) => each.name === name && deepEqual(each.schema, schema)),
        )
        .map(({ name }) => name),
    ),
  };
}

function specErrors(spec: DefinitionSpec, leniency: Leniency): FieldError[] {
  const internal = internalSpec(spec);
  const errors = [...groupErrors(spec.group), ...scopeErrors(spec.scope)];
  if (internal.validation?.openAPIV3Schema === undefined) {
    for (const [index, { schema }] of internal.versions.entries()) {
      if (schema?.openAPIV3Schema !== undefined) continue;
      errors.push(required(`spec.versions[${index}].schema.openAPIV3Schema`));
    }
  }
  const schemas = spec.versions.flatMap(({ schema }) => [...everySchema(schema?.openAPIV3Schema)]);
  if (spec.preserveUnknownFields && schemas.some((schema) => schema.default !== undefined)) {
    const detail = 'must be false in order to use defaults in the schema';
    errors.push(invalid('spec.preserveUnknownFields', true, detail));
  }
  errors.push(...versionErrors(spec, internal, leniency));
  errors.push(...requiredNames(spec), ...validateNames(spec.names, 'spec.names'));
  const hasStatus = spec.versions.some(({ subresources }) => subresources?.status !== undefined);
  errors.push(
    ...schemaErrors(
      internal.validation?.openAPIV3Schema,
      'spec.validation',
      hasStatus,
      leniency,
      spec.versions[0]?.name,
    ),
    ...validateSubresources(internal.subresources, 'spec.subresources'),
    ...(internal.additionalPrinterColumns ?? []).flatMap((column, index) =>
      validateColumn(column, `spec.additionalPrinterColumns[${index}]`),
    ),
  );
  const fields = internal.selectableFields ?? [];
  if (fields.length > 0) {
    const schema = internal.validation?.openAPIV3Schema;
    const path = 'spec.selectableFields';
    errors.push(
      ...(schema === undefined
        ? [invalid(path, '', 'may only be set when validations.schema is included')]
        : validateSelectableFields(fields, schema, path, leniency.manyFields.size > 0)),
    );
  }
  const strategy = spec.conversion?.strategy;
  if (strategy !== undefined && strategy !== 'None' && spec.preserveUnknownFields) {
    errors.push(invalid('spec.conversion.strategy', strategy, 'must be None if spec.preserveUnknownFields is true'));
  }
  const rules = { knownVersion: !leniency.unknownReviewVersion, anyBundle: leniency.anyBundle };
  return [...errors, ...validateConversion(spec.conversion, 'spec.conversion', rules)];
}

function groupErrors(group: string): FieldError[] {
  if (!group) return [required('spec.group')];
  const problems = dns1123SubdomainProblems(group);
  if (problems.length > 0) return [invalid('spec.group', group, problems.join(','))];
  return group.includes('.') ? [] : [invalid('spec.group', group, 'should be a domain with at least one dot')];
}

function scopeErrors(scope: string): FieldError[] {
  if (!scope) return [required('spec.scope')];
  const scopes = ['Cluster', 'Namespaced'];
  return scopes.includes(scope) ? [] : [notSupported('spec.scope', scope, scopes)];
}

function requiredNames({ names }: DefinitionSpec): FieldError[] {
  return (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((name) => !names[name])
    .map((name) => required(`spec.names.${name}`));
}

function versionErrors(spec: DefinitionSpec, { versions }: InternalSpec, leniency: Leniency): FieldError[] {
  const errors = versions.flatMap((version, index) => {
    const path = `spec.versions[${index}]`;
    const problems = dns1035LabelProblems(version.name);
    const hasStatus = spec.versions[index]?.subresources?.status !== undefined;
    return [
      ...(problems.length > 0 ? [invalid(`${path}.name`, version.name, problems.join(','))] : []),
      ...deprecationErrors(version, `${path}.deprecationWarning`),
      ...schemaErrors(version.schema?.openAPIV3Schema, `${path}.schema`, hasStatus, leniency, version.name),
      ...validateSubresources(version.subresources, `${path}.subresources`),
      ...(version.additionalPrinterColumns ?? []).flatMap((column, place) =>
        validateColumn(column, `${path}.additionalPrinterColumns[${place}]`),
      ),
      ...selectableErrors(version, `${path}.selectableFields`, leniency),
    ];
  });
  const about = (detail: string): FieldError => ({
    type: 'FieldValueInvalid',
    field: 'spec.versions',
    message: `Invalid value: ${versionsText(versions)}: ${detail}`,
  });
  if (new Set(versions.map(({ name }) => name)).size < versions.length) {
    errors.push(about('must contain unique version names'));
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    errors.push(about('must have exactly one version marked as storage version'));
  }
  const first = versions[0]?.name ?? '';
  const problems = first === '' ? [] : dns1035LabelProblems(first);
  return problems.length === 0 ? errors : [...errors, invalid('spec.version', first, problems.join(','))];
}

function selectableErrors(version: DefinitionVersion, path: string, { manyFields }: Leniency): FieldError[] {
  const fields = version.selectableFields ?? [];
  if (fields.length === 0) return [];
  const schema = version.schema?.openAPIV3Schema;
  if (schema === undefined) {
    return [invalid(path, '', 'may only be set when `version.schema.openAPIV3Schema` is not included')];
  }
  return validateSelectableFields(fields, schema, path, manyFields.has(version.name));
}

function deprecationErrors({ deprecated, deprecationWarning: text }: DefinitionVersion, field: string): FieldError[] {
  const refuse = (detail: string) => invalid(field, text, detail);
  if (text === undefined) return [];
  if (!deprecated) return [refuse('can only be set for deprecated versions')];
  const errors: FieldError[] = [];
  if (Buffer.byteLength(text) > 256) errors.push(refuse('must be <= 256 characters long'));
  if (text === '') errors.push(refuse('must not be an empty string'));
  const stranger = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(text);
  if (stranger !== null) {
    const index = Buffer.byteLength(text.slice(0, stranger.index));
    const detail = `must only contain printable UTF-8 characters; non-printable character found at index ${index}`;
    errors.push(refuse(detail));
  }
  return errors;
}

/** What the root of a schema may say when its status has an endpoint of its own, by Go's names. */
const AT_ROOT =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
const KEYWORDS_AT_ROOT: ReadonlySet<string> = new Set(
  AT_ROOT.split(' ').map((name) =>
    name
      .replace('XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields')
      .replace('XValidations', 'x-kubernetes-validations')
      .replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
  ),
);

function schemaErrors(
  schema: JsonSchema | undefined,
  parent: string,
  hasStatus: boolean,
  leniency: Leniency,
  version = '',
): FieldError[] {
  if (schema === undefined) return [];
  const path = `${parent}.openAPIV3Schema`;
  const errors = hasStatus ? rootErrors(schema, path) : [];
  if (schema.nullable) errors.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  // What has no place in a structural schema is refused by its name alone.
  const structural = [...everySchema(schema)].some(isUnconvertible) ? [] : validateStructural(schema, path);
  const defaults = structural.length > 0 ? [] : validateDefaults(schema, path, !leniency.unprunedDefaults);
  const openApi = validateSchema(schema, path, { isRoot: true });
  // Rules of a schema that is not sound would only be misread.
  const isSound = structural.length + defaults.length + openApi.length === 0;
  return [
    ...errors,
    ...structural,
    ...defaults,
    ...openApi,
    ...(isSound ? validateRuleTexts(schema, path, leniency.unchanged.has(version)) : []),
  ];
}

/** Whether a schema is such that its structural form cannot be made (structural-schema's conversion.go). */
function isUnconvertible(schema: JsonSchema): boolean {
  return (
    (schema.items !== undefined && !isSchema(schema.items)) ||
    UNSUPPORTED.some((keyword) => schema[keyword] !== undefined)
  );
}

function rootErrors(schema: JsonSchema, path: string): FieldError[] {
  if (schema.type !== undefined && schema.type !== 'object') {
    const detail =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return [invalid(`${path}.type`, schema.type, detail)];
  }
  if (Object.keys(schema).every((keyword) => KEYWORDS_AT_ROOT.has(keyword))) return [];
  const detail = `only [${AT_ROOT}] fields are allowed at the root of the schema if the status subresource is enabled`;
  return [{ type: 'FieldValueInvalid', field: path, message: `Invalid value: ${schemaText(schema)}: ${detail}` }];
}

/** That the versions that objects may be stored in are still there (ValidateCustomResourceDefinitionStoredVersions). */
function storedVersionErrors({ spec, status }: CustomResourceDefinition): FieldError[] {
  const field = 'status.storedVersions';
  const stored = status?.storedVersions ?? [];
  const about = (detail: string): FieldError => ({
    type: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${stored.length === 0 ? 'null' : goJson(stored)}: ${detail}`,
  });
  if (stored.length === 0) return [about('must have at least one stored version')];
  const missing = spec.versions.filter(({ name, storage }) => storage && !stored.includes(name));
  const lost = stored.filter((name) => !spec.versions.some((version) => version.name === name));
  return [
    ...missing.map(({ name }) => about(`must have the storage version ${name}`)),
    ...lost.map((name) =>
      invalid(
        `${field}[${stored.indexOf(name)}]`,
        name,
        `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
      ),
    ),
  ];
}

function preserveErrors(spec: DefinitionSpec, old: DefinitionSpec | undefined): FieldError[] {
  if (old?.preserveUnknownFields || !spec.preserveUnknownFields) return [];
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [invalid('spec.preserveUnknownFields', true, detail)];
}
