import type { ObjectMeta } from '../../../../shared/kubernetes/objects';
import { conflict, failure } from '../status-errors';
import { objectKey, type Registry } from './registry';

/** Where etcd has what is not under its resource's name (pkg/kubeapiserver/default_storage_factory_builder.go). */
const PREFIXES: Readonly<Record<string, string>> = {
  replicationcontrollers: 'controllers',
  endpoints: 'services/endpoints',
  nodes: 'minions',
  services: 'services/specs',
  'ingresses.networking.k8s.io': 'ingress',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
};

/**
 * Refuses a write of an object that has been deleted and made anew (apiserver/pkg/storage/interfaces.go
 * Preconditions.Check).
 * @param present the object's uid; empty when there is none.
 * @throws StatusError 409.
 */
export function checkUid(
  registry: Registry,
  { uid }: ObjectMeta,
  present: { readonly namespace: string | undefined; readonly name: string; readonly uid: string },
): void {
  if (!uid || uid === present.uid) return;
  throw uidConflict(registry, uid, present);
}

/** The refusal itself. */
export function uidConflict(
  { resource, definition }: Registry,
  uid: string,
  present: { readonly namespace: string | undefined; readonly name: string; readonly uid: string },
) {
  const { group, resource: plural } = definition.storage?.resource ?? resource;
  const prefix =
    definition.isCustom === true
      ? `${group}/${plural}`
      : (PREFIXES[group === '' ? plural : `${plural}.${group}`] ?? plural);
  const key = `/registry/${prefix}/${objectKey(resource, present.namespace, present.name)}`;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${present.uid}`;
  const error = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  return conflict(resource, present.name, error);
}

/**
 * The version that an object bears (apiserver/pkg/storage/api_object_versioner.go ObjectResourceVersion).
 * @returns 0 for none.
 * @throws StatusError 500 when it is no number.
 */
export function objectVersion({ resourceVersion = '' }: ObjectMeta): number {
  if (resourceVersion === '') return 0;
  if (/^\d+$/.test(resourceVersion)) return Number(resourceVersion);
  throw failure(500, undefined, `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`);
}
