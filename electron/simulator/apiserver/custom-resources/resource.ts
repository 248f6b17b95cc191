import {
  type CustomResourceDefinition,
  type DefinitionVersion,
  type SelectableField,
  storageVersionOf,
} from '../../../../shared/kubernetes/custom-resource-definitions';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import { deepCopy } from '../json';
import type { ResourceDefinition, StorageConversion } from '../registry/definition';
import { askedConversion } from './conversion/asked';
import type { Converter } from './conversion/converter';
import { complete, decodeCustomResource } from './decode';
import { customResourceNode } from './field-node';
import { parseJsonPath } from './json-path';
import { publishedSchema } from './open-api';
import { customPrinter } from './printer';
import { customScale } from './scale';
import { hasDefaults } from './schema/default';
import { prune } from './schema/prune';
import { customResourceStrategy } from './strategy';
import { compareVersions } from './versions';

/**
 * What serves the versions of a definition, the one that clients should prefer first.
 * @param terminating whether the definition is going away by now.
 * @param convert what brings objects from one version to another; absent: they differ in name alone.
 */
export function customResources(
  definition: CustomResourceDefinition,
  terminating: () => boolean,
  convert?: Converter,
): ResourceDefinition[] {
  return definition.spec.versions
    .filter(({ served }) => served)
    .sort((a, b) => compareVersions(a.name, b.name))
    .map((version) => customResource(definition, version, terminating, convert));
}

/** A resource of a definition in one of its versions. */
function customResource(
  definition: CustomResourceDefinition,
  version: DefinitionVersion,
  terminating: () => boolean,
  convert: Converter | undefined,
): ResourceDefinition {
  const { spec, status } = definition;
  const names = status?.acceptedNames ?? spec.names;
  const resource: Resource = {
    group: spec.group,
    version: version.name,
    resource: names.plural,
    kind: names.kind,
    namespaced: spec.scope === 'Namespaced',
  };
  const schema = version.schema?.openAPIV3Schema;
  const { status: statusView, scale } = version.subresources ?? {};
  const storage = conversion(definition, version, resource, convert);
  const keepsUnknown = spec.preserveUnknownFields === true;
  let node: ReturnType<typeof customResourceNode>;
  return {
    resource,
    isCustom: true,
    singular: names.singular ?? '',
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    hasStatus: statusView !== undefined,
    printer: customPrinter(version.additionalPrinterColumns),
    strategy: customResourceStrategy({
      resource,
      schema: schema ?? {},
      hasStatus: statusView !== undefined,
      scale,
      terminating,
    }),
    decode: (value) => decodeCustomResource({ kind: names.kind, version: version.name, schema, keepsUnknown }, value),
    get fieldNode() {
      node ??= customResourceNode(schema);
      return node;
    },
    openApi: publishedSchema(
      resource,
      schema,
      keepsUnknown,
      (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
    ),
    ...(names.listKind ? { listKind: names.listKind } : {}),
    ...(scale === undefined ? {} : { scale: customScale(scale) }),
    ...(storage === undefined ? {} : { storage }),
    ...(version.deprecated === true
      ? { deprecation: version.deprecationWarning ?? deprecationOf(definition, resource) }
      : {}),
    fieldLabels: Object.fromEntries((version.selectableFields ?? []).map(fieldLabel)),
  };
}

/** What upstream says of a deprecated version when its definition does not (customresource_handler.go). */
function deprecationOf({ spec }: CustomResourceDefinition, resource: Resource): string {
  const { group, kind } = resource;
  const newer = [...spec.versions]
    .sort((a, b) => compareVersions(a.name, b.name))
    .find(
      ({ served, deprecated, name }) => served && deprecated !== true && compareVersions(name, resource.version) < 0,
    );
  const instead = newer === undefined ? '' : `; use ${group}/${newer.name} ${kind}`;
  return `${apiVersionOf(resource)} ${kind} is deprecated${instead}`;
}

function fieldLabel({ jsonPath }: SelectableField): [string, (object: KubeObject) => string] {
  const read = parseJsonPath(jsonPath);
  return [
    jsonPath.replace(/^\./, ''),
    (object) => {
      const [value] = read?.(object) ?? [];
      return value === undefined || value === null ? '' : String(value);
    },
  ];
}

/**
 * How a version's objects are kept: in the form of the version that is stored, of which the others differ in name alone
 * (`spec.conversion.strategy: None`), or as a webhook says. What was stored before the schema got its defaults has them all the same.
 */
function conversion(
  definition: CustomResourceDefinition,
  version: DefinitionVersion,
  resource: Resource,
  convert: Converter | undefined,
): StorageConversion<KubeObject> | undefined {
  const { spec, status } = definition;
  const stored = storageVersionOf(definition)?.name ?? version.name;
  const versions = new Set([...(status?.storedVersions ?? []), ...spec.versions.map(({ name }) => name)]);
  if (versions.size === 1 && !hasDefaults(version.schema?.openAPIV3Schema)) return undefined;
  const apiVersionOfName = (name: string) => apiVersionOf({ group: resource.group, version: name });
  const schemas = new Map(
    spec.versions.map(({ name, schema }) => [apiVersionOfName(name), schema?.openAPIV3Schema] as const),
  );
  const apiVersion = apiVersionOf(resource);
  const storedVersion = apiVersionOfName(stored);
  const keepsUnknown = spec.preserveUnknownFields === true;
  // What was stored is read as the version that it says it is.
  const read = (object: KubeObject): KubeObject => {
    const schema = schemas.get(object.apiVersion ?? '');
    const next: Record<string, unknown> = { ...deepCopy(object) };
    if (!keepsUnknown) prune(next, schema);
    complete(next, schema);
    // It was one, and is one.
    return next as unknown as KubeObject;
  };
  return {
    resource: { ...resource, version: stored },
    fromStorage(object) {
      const next = read(object);
      if (object.apiVersion === apiVersion) return next;
      next.apiVersion = apiVersion;
      // The other version may know less.
      if (!keepsUnknown) prune(next as unknown as Record<string, unknown>, version.schema?.openAPIV3Schema);
      return next;
    },
    toStorage: (object) => (object.apiVersion === storedVersion ? object : { ...object, apiVersion: storedVersion }),
    ...(convert && { asked: askedConversion(apiVersion, storedVersion, schemas, keepsUnknown, read, convert) }),
  };
}
