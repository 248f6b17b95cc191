import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf, type Resource } from '../../../../shared/kubernetes/resources';
import type { AdmissionRequest } from '../admission/plugin';
import { Reinvocation } from '../admission/reinvocation';
import type { ManagedFields } from '../managed-fields/managed-fields';
import { badRequest, invalid } from '../status-errors';
import { Stored } from '../storage/stored';
import type { FieldError } from '../validation/field-error';
import type { Registry, WriteRequest } from './registry';

/** Steps that creating and updating share. */

/** @throws StatusError 400 when the object is of another kind than is written here. */
export function checkKind({ resource }: { readonly resource: Resource }, object: KubeObject): void {
  const apiVersion = apiVersionOf(resource);
  object.apiVersion ??= apiVersion;
  object.kind ??= resource.kind;
  if (object.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (object.kind !== resource.kind) {
    const version = JSON.stringify(resource.version);
    throw badRequest(
      `${object.kind} in version ${version} cannot be handled as a ${resource.kind}: unknown conversion`,
    );
  }
  // What came over the wire may have no metadata, or null.
  object.metadata ??= {};
}

/**
 * Stores an object.
 * @param kept what a webhook has made of it to be stored; absent: nobody was asked.
 */
export function put(
  registry: Registry,
  key: string,
  object: KubeObject,
  managed: ManagedFields,
  kept: KubeObject | undefined,
): Stored | Promise<Stored> {
  const { conversion } = registry;
  if (conversion === undefined || kept === undefined) return registry.put(key, object, managed);
  return conversion.put(key, kept, managed);
}

/** What `put` would give. */
export function unwritten(
  { conversion }: Registry,
  key: string,
  object: KubeObject,
  managed: ManagedFields,
  kept: KubeObject | undefined,
): Stored | Promise<Stored> {
  if (conversion === undefined || kept === undefined) return Stored.unwritten(key, object, managed);
  return conversion.show(Stored.unwritten(key, kept, managed));
}

/** @throws StatusError 422 unless the list is empty. */
export function refuseInvalid({ definition, resource }: Registry, name: string, errors: readonly FieldError[]): void {
  // Upstream validates objects in their stored kind, and names that.
  if (errors.length > 0) throw invalid(definition.storage?.resource ?? resource, name, errors);
}

export function admissionRequest(
  request: WriteRequest,
  operation: AdmissionRequest['operation'],
  object: KubeObject | undefined,
  oldObject: KubeObject | undefined,
  managed?: { readonly object?: ManagedFields; readonly oldObject?: ManagedFields },
): AdmissionRequest {
  return {
    attributes: request.attributes,
    operation,
    object,
    oldObject,
    managed: managed && {
      get object() {
        return managed.object?.json;
      },
      get oldObject() {
        return managed.oldObject?.json;
      },
    },
    dryRun: request.dryRun,
    options: request.options ?? {},
    reinvocation: new Reinvocation(),
    trace: request.trace,
    warn: (message) => request.warn(message),
    annotate: (key, value) => request.annotate?.(key, value),
  };
}
