import { createHash } from 'node:crypto';
import type { ResourceDefinition } from '../registry/definition';
import type { VirtualResource } from '../registry/virtual-resource';
import { groupBy } from './group-by';

/** One line of discovery: a resource or a subresource. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  /** `pods`, or `pods/log`. */
  readonly name: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly kind: string;
  /** Where the kind differs from the resource's own group and version, as with a Scale. */
  readonly kindGroup?: string;
  readonly kindVersion?: string;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** The group and version that objects are stored in, as `apps/v1`; absent: none are. */
  readonly storedAs?: string;
  /** Whether a CustomResourceDefinition made it. */
  readonly isCustom?: boolean;
}

/** A custom resource's, in the order of apiextensions' customresource_discovery_controller.go. */
const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
/** What upstream keeps in an older version than it prefers, for servers of the last release. */
const KEPT_OLDER = new Map([
  ['customresourcedefinitions', 'v1beta1'],
  ['volumeattributesclasses', 'v1beta1'],
]);

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export function servedResources(definition: ResourceDefinition): ServedResource[] {
  const { resource, singular, shortNames, categories, hasStatus, scale, subresources = [] } = definition;
  const isCustom = definition.isCustom === true;
  const { verbs = isCustom ? CUSTOM_VERBS : VERBS } = definition;
  const stored = definition.compute === undefined ? { storedAs: storedAs(definition) } : {};
  const { group, version, resource: name, namespaced, kind } = resource;
  const common = { group, version, namespaced, isCustom, singular: '', shortNames: [], categories: [] };
  const main: ServedResource = { ...common, name, singular, kind, verbs, shortNames, categories, ...stored };
  const views: ServedResource[] = subresources
    .filter((subresource) => subresource.name !== 'status' && subresource.name !== 'scale')
    .map((subresource) => ({
      ...common,
      name: `${name}/${subresource.name}`,
      kind: subresource.kind,
      verbs: [...subresource.verbs].sort(),
      ...(subresource.group === undefined ? {} : { kindGroup: subresource.group }),
      ...(subresource.version === undefined ? {} : { kindVersion: subresource.version }),
    }));
  const read = ['get', 'patch', 'update'];
  if (scale !== undefined) {
    views.push({
      ...common,
      name: `${name}/scale`,
      kind: 'Scale',
      kindGroup: 'autoscaling',
      kindVersion: 'v1',
      verbs: read,
    });
  }
  if (hasStatus) views.push({ ...common, name: `${name}/status`, kind, verbs: read });
  views.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [main, ...(isCustom ? views.reverse() : views)];
}

function storedAs({ resource, storage, isCustom }: ResourceDefinition): string {
  const older = isCustom === true ? undefined : KEPT_OLDER.get(resource.resource);
  const { group, version } = storage?.resource ?? resource;
  return `${group}/${older ?? version}`;
}

export function servedVirtual({ resource, singular }: VirtualResource): ServedResource {
  const { group, version, resource: name, namespaced, kind } = resource;
  return {
    group,
    version,
    name,
    singular,
    namespaced,
    kind,
    verbs: ['create'],
    shortNames: [],
    categories: [],
  };
}

/** `meta/v1.APIResource`. */
export function shortForm(served: ServedResource): object {
  return {
    name: served.name,
    singularName: served.singular,
    namespaced: served.namespaced,
    ...(served.kindVersion === undefined ? {} : { group: served.kindGroup ?? '', version: served.kindVersion }),
    kind: served.kind,
    verbs: served.verbs,
    ...(served.shortNames.length === 0 ? {} : { shortNames: served.shortNames }),
    ...(served.categories.length === 0 ? {} : { categories: served.categories }),
    ...(served.storedAs === undefined ? {} : { storageVersionHash: storageVersionHash(served) }),
  };
}

/** Upstream's: the first eight bytes of the hash of the stored `group/version/kind`. */
function storageVersionHash({ storedAs, kind }: ServedResource): string {
  return createHash('sha256').update(`${storedAs}/${kind}`).digest().subarray(0, 8).toString('base64');
}

/** `apidiscovery.k8s.io` APIGroupDiscovery: one group with all it serves. */
export function aggregatedGroup(name: string, served: readonly ServedResource[]): object {
  return {
    metadata: name === '' ? {} : { name },
    versions: [...groupBy(served, ({ version }) => version)].map(([version, resources]) => ({
      version,
      resources: resources
        .filter((resource) => !resource.name.includes('/'))
        .map((resource) =>
          aggregatedResource(
            resource,
            resources.filter((other) => other.name.startsWith(`${resource.name}/`)),
          ),
        ),
      freshness: 'Current',
    })),
  };
}

function aggregatedResource(served: ServedResource, subresources: readonly ServedResource[]): object {
  return {
    resource: served.name,
    responseKind: responseKind(served),
    scope: served.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: served.singular,
    verbs: served.verbs,
    ...(served.shortNames.length === 0 ? {} : { shortNames: served.shortNames }),
    ...(served.categories.length === 0 ? {} : { categories: served.categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map((subresource) => ({
            subresource: subresource.name.slice(served.name.length + 1),
            responseKind: responseKind(subresource),
            verbs: subresource.verbs,
          })),
        }),
  };
}

/** Empty where it goes without saying; custom resources say it all the same. */
function responseKind({ group, version, kind, kindGroup, kindVersion, isCustom }: ServedResource) {
  const own = isCustom === true ? { group, version } : { group: '', version: '' };
  return { group: kindGroup ?? own.group, version: kindVersion ?? own.version, kind };
}
