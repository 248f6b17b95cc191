import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { deepCopy } from '../../json';
import type { ResourceDefinition } from '../../registry/definition';
import { type GroupVersionKind, type GroupVersionResource, kindOf } from '../attributes';
import type { AdmissionRequest, ServedApi } from '../plugin';

/**
 * Resources that show the same objects: the versions of one group, and events in both of theirs
 * (k8s.io/apimachinery/pkg/runtime/mapper.go, `EquivalentResourceRegistry`).
 */

const tableOf = ({ resource, storage }: ResourceDefinition) => {
  const { group, resource: plural } = storage?.resource ?? resource;
  return `${group}/${plural}`;
};

/** What serves a resource. */
export function definitionOf(
  { definitions }: ServedApi,
  { group, version, resource }: GroupVersionResource,
): ResourceDefinition | undefined {
  return definitions.find(({ resource: served }) => {
    return served.group === group && served.version === version && served.resource === resource;
  });
}

/** The others that show what this one does, in the order of discovery. */
export function equivalentsOf(api: ServedApi, resource: GroupVersionResource): GroupVersionResource[] {
  const own = definitionOf(api, resource);
  if (own === undefined) return [];
  const table = tableOf(own);
  return api.definitions
    .filter((definition) => definition !== own && tableOf(definition) === table)
    .map(({ resource: { group, version, resource: plural } }) => ({ group, version, resource: plural }));
}

/** The kind that a request is of when it is taken for one of another version. */
export function equivalentKind(
  api: ServedApi,
  request: AdmissionRequest,
  resource: GroupVersionResource,
): GroupVersionKind {
  const { subresource } = request.attributes;
  // What is posted to other subresources is the same in all versions.
  if (subresource !== '' && subresource !== 'status') return kindOf(request);
  const { group, version } = resource;
  return { group, version, kind: definitionOf(api, resource)?.resource.kind ?? '' };
}

/**
 * Shows objects of a request in another version.
 * @param to what is served besides the request's own resource; the same: nothing is converted.
 */
export function converter(
  api: ServedApi,
  { attributes }: AdmissionRequest,
  to: GroupVersionResource,
): (object: KubeObject) => KubeObject {
  const { subresource, group, version } = attributes;
  const isSame = to.group === group && to.version === version && to.resource === attributes.resource;
  if (isSame || (subresource !== '' && subresource !== 'status')) return (object) => object;
  return conversion(definitionOf(api, attributes), definitionOf(api, to));
}

/** The way back: of what was shown in another version. */
export function backConverter(
  api: ServedApi,
  { attributes }: AdmissionRequest,
  from: GroupVersionResource,
): (object: KubeObject) => KubeObject {
  const isSame = from.group === attributes.group && from.version === attributes.version;
  if (isSame && from.resource === attributes.resource) return (object) => object;
  return conversion(definitionOf(api, from), definitionOf(api, attributes));
}

/** By the way of the version that is stored. */
function conversion(from: ResourceDefinition | undefined, to: ResourceDefinition | undefined) {
  return (object: KubeObject) => {
    const stored = from?.storage === undefined ? object : from.storage.toStorage(deepCopy(object));
    return to?.storage === undefined ? stored : to.storage.fromStorage(stored);
  };
}
