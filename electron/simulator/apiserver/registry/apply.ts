import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import { kindText } from '../go-text';
import { deepCopy } from '../json';
import { type Application, apply, checkConfiguration } from '../managed-fields/apply';
import { ManagedFields } from '../managed-fields/managed-fields';
import { badRequest, notFound, undeterminable } from '../status-errors';
import type { Stored } from '../storage/stored';
import { create } from './create';
import { matchName } from './names';
import { uidConflict } from './preconditions';
import { objectKey, type Registry, type WriteRequest } from './registry';
import { ignoredFields, timeOf } from './track';
import { AppliedState, type UpdateMode, update } from './update';

/** An apply, with what stands in its query. */
export interface ApplyRequest {
  /** As it came. */
  readonly configuration: KubeObject;
  /** Whether to take fields that others have. */
  readonly force: boolean;
  /** Reads an object, as strictly as a body that came whole. */
  check(object: KubeObject): KubeObject;
}

/**
 * Server-side apply to an object, or to its status or scale: changes it, or creates it when it is not there.
 * @throws StatusError 409 with a cause for each field that another manager has.
 */
export async function applyTo(
  registry: Registry,
  request: WriteRequest,
  namespace: string | undefined,
  name: string,
  mode: UpdateMode,
  { configuration, force, check }: ApplyRequest,
): Promise<{ stored: Stored; created: boolean }> {
  const { resource, objectType } = registry;
  const { subresource } = request.attributes;
  const isNew = registry.table.get(objectKey(resource, namespace, name)) === undefined;
  if (isNew && subresource !== '') throw notFound(resource, name);
  checkVersion(registry, configuration);
  checkConfiguration(configuration, objectType);
  // As it came it is applied: a null and an empty map are fields that somebody has, and would be lost by then.
  check(deepCopy(configuration));
  const application: Application = {
    configuration,
    by: { name: request.manager ?? '', operation: 'Apply', apiVersion: apiVersionOf(resource), subresource },
    force,
    time: timeOf(registry, request),
    type: objectType,
    ignored: ignoredFields(registry, request),
  };
  if (isNew) {
    if (!configuration.metadata.name) throw undeterminable(name);
    const metadata = {
      ...configuration.metadata,
      ...(resource.namespaced && { namespace: configuration.metadata.namespace ?? namespace ?? '' }),
    };
    matchName(resource, metadata, namespace, name);
    const { uid } = metadata;
    const whole = { ...configuration, metadata };
    if (uid) throw uidConflict(registry, uid, { namespace, name, uid: '' });
    const { object, managed } = apply({ metadata: {} }, ManagedFields.none, { ...application, configuration: whole });
    return { stored: await create(registry, request, namespace, deepCopy(check(object)), managed), created: true };
  }
  const stored = await update(registry, request, namespace, name, mode, (current, present) => {
    const { object, managed } = apply(current, present.managed, application);
    return new AppliedState(deepCopy(check(object)), managed);
  });
  return { stored, created: false };
}

function checkVersion({ resource }: Registry, { apiVersion, kind }: KubeObject): void {
  const expected = apiVersionOf(resource);
  if (apiVersion === expected && kind === resource.kind) return;
  throw badRequest(`invalid object type: ${kindText(apiVersion, kind)}`);
}
