import { withCondition } from '../../../../shared/kubernetes/conditions';
import {
  CLEANUP_FINALIZER,
  type CustomResourceDefinition,
  customResourceDefinitions,
  type DefinitionNames,
  type DefinitionSpec,
  type DefinitionVersion,
  type PrinterColumn,
  type ScalePaths,
  type SelectableField,
  storageVersionOf,
} from '../../../../shared/kubernetes/custom-resource-definitions';
import type { JsonSchema } from '../../../../shared/kubernetes/json-schema';
import { internalSpec } from '../custom-resources/definition/internal';
import {
  validateDefinition,
  validateDefinitionStatus,
  validateDefinitionUpdate,
} from '../custom-resources/definition/validate-definition';
import { everySchema } from '../custom-resources/schema/json-schema';
import { isKnownFormat } from '../custom-resources/values/format';
import { createdAtPrinter } from '../printers/columns';
import type { ResourceDefinition } from '../registry/definition';

/** apiextensions-apiserver's pkg/registry/customresourcedefinition, with the defaults of pkg/apis/apiextensions/v1. */
export const customResourceDefinitionDefinition: ResourceDefinition<CustomResourceDefinition> = {
  resource: customResourceDefinitions,
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  hasStatus: true,
  printer: createdAtPrinter,
  strategy: {
    allowUnconditionalUpdate: false,
    applyDefaults: applyDefinitionDefaults,
    prepareForCreate(definition) {
      definition.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: [] };
      noteStoredVersion(definition);
    },
    prepareForUpdate(definition, old) {
      if (old.status !== undefined) definition.status = { ...old.status };
      noteStoredVersion(definition);
    },
    validateCreate: validateDefinition,
    validateUpdate: validateDefinitionUpdate,
    validateStatusUpdate: validateDefinitionStatus,
    warnings: formatWarnings,
    // Its instances go first, whoever waits for that.
    holdsDeletion: ({ metadata }) => metadata.deletionTimestamp === undefined,
    prepareForDelete(definition) {
      const { metadata } = definition;
      // Upstream's own Delete marks it and nothing else.
      delete metadata.deletionGracePeriodSeconds;
      if (metadata.generation !== undefined) metadata.generation--;
      if (!metadata.finalizers?.includes(CLEANUP_FINALIZER)) {
        metadata.finalizers = [...(metadata.finalizers ?? []), CLEANUP_FINALIZER];
      }
      const pending = {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionPending',
        message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
        lastTransitionTime: metadata.deletionTimestamp ?? '',
      };
      definition.status = {
        ...definition.status,
        conditions: [...withCondition(definition.status?.conditions, pending)],
      };
    },
  },
};

const NO_NAMES: DefinitionNames = { plural: '', kind: '' };
const NO_SPEC: DefinitionSpec = { group: '', names: NO_NAMES, scope: '', versions: [] };

function applyDefinitionDefaults(definition: CustomResourceDefinition): void {
  // What a client left out is the type's zero.
  definition.spec = { ...NO_SPEC, ...definition.spec };
  const { spec, status } = definition;
  spec.names = { ...NO_NAMES, ...spec.names };
  const { names } = spec;
  spec.versions = spec.versions.map(completeVersion);
  names.singular ||= names.kind.toLowerCase();
  if (names.kind !== '') names.listKind ||= `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service !== undefined) service.port ??= 443;
  if (status !== undefined && (status.storedVersions ?? []).length === 0) {
    const stored = spec.versions.find(({ storage }) => storage);
    if (stored !== undefined) status.storedVersions = [stored.name];
  }
}

/** What a client left out of a version is the type's zero; what is no schema where one belongs is none. */
function completeVersion(version: DefinitionVersion): DefinitionVersion {
  const { subresources, additionalPrinterColumns: columns, selectableFields: fields } = version;
  for (const schema of everySchema(version.schema?.openAPIV3Schema)) dropNonsense(schema);
  const next = { ...NO_VERSION, ...version };
  if (subresources?.scale !== undefined) {
    next.subresources = { ...subresources, scale: { ...NO_SCALE, ...subresources.scale } };
  }
  if (columns !== undefined) next.additionalPrinterColumns = columns.map((shown) => ({ ...NO_COLUMN, ...shown }));
  if (fields !== undefined) next.selectableFields = fields.map((field) => ({ ...NO_FIELD, ...field }));
  return next;
}

const NO_VERSION: DefinitionVersion = { name: '', served: false, storage: false };
const NO_SCALE: ScalePaths = { specReplicasPath: '', statusReplicasPath: '' };
const NO_COLUMN: PrinterColumn = { name: '', type: '', jsonPath: '' };
const NO_FIELD: SelectableField = { jsonPath: '' };

/** Fields that hold a schema or something else: upstream's decoder passes over what is neither. */
function dropNonsense(schema: JsonSchema): void {
  for (const field of ['items', 'additionalProperties', 'additionalItems'] as const) {
    const value: unknown = schema[field];
    if (value === null || ['number', 'string'].includes(typeof value)) Reflect.deleteProperty(schema, field);
  }
}

/** Remembers in which versions objects may have been stored. */
function noteStoredVersion(definition: CustomResourceDefinition): void {
  const stored = storageVersionOf(definition)?.name;
  const status = definition.status;
  if (stored === undefined || status === undefined) return;
  const known = status.storedVersions ?? [];
  if (!known.includes(stored)) status.storedVersions = [...known, stored];
}

/** Formats that mean nothing to the server. */
function formatWarnings({ spec }: CustomResourceDefinition, old: CustomResourceDefinition | undefined): string[] {
  const had = new Set(old === undefined ? [] : unknownFormats(old.spec));
  return unknownFormats(spec)
    .filter((format) => !had.has(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

function unknownFormats(spec: DefinitionSpec): string[] {
  const { validation, versions: others } = internalSpec(spec);
  return [validation, ...others.map(({ schema }) => schema)]
    .flatMap((schema) => [...everySchema(schema?.openAPIV3Schema)])
    .flatMap(({ type, format }) => (type === 'string' && format && !isKnownFormat(format) ? [format] : []));
}
