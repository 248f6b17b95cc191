import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { groupVersionOf } from '../../../../shared/kubernetes/resources';
import type { AdmissionRequest } from './plugin';

/** How admission names what a request is about (k8s.io/apiserver/pkg/admission/attributes.go). */

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** The kind that is written: of a subresource, what is posted there. */
export function kindOf({ object, oldObject }: AdmissionRequest): GroupVersionKind {
  const { apiVersion = '', kind = '' }: Partial<KubeObject> = object ?? oldObject ?? {};
  return { ...groupVersionOf(apiVersion), kind };
}

export function resourceOf({ attributes: { group, version, resource } }: AdmissionRequest): GroupVersionResource {
  return { group, version, resource };
}

/** A namespace that is changed stands in itself. */
export function namespaceOf({ attributes, operation }: AdmissionRequest): string {
  if (attributes.group !== '' || attributes.resource !== 'namespaces') return attributes.namespace;
  return operation === 'CREATE' ? '' : attributes.name;
}

/** Empty while it has not been generated, and for each object of a collection that is deleted. */
export function nameOf({ attributes, object }: AdmissionRequest): string {
  return attributes.name || (object?.metadata?.name ?? '');
}

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions', CONNECT: undefined };

/**
 * The request as webhooks and expressions are shown it (`admission.k8s.io/v1` AdmissionRequest), without its objects.
 * @param as the resource and the kind that its objects are shown as.
 */
export function reviewOf(
  request: AdmissionRequest,
  uid: string,
  as: { readonly resource: GroupVersionResource; readonly kind: GroupVersionKind },
): Readonly<Record<string, unknown>> {
  const { attributes, operation, dryRun, options } = request;
  const { user, subresource } = attributes;
  const namespace = namespaceOf(request);
  const name = nameOf(request);
  const optionsKind = OPTIONS[operation];
  return {
    uid,
    kind: as.kind,
    resource: as.resource,
    ...(subresource === '' ? {} : { subResource: subresource }),
    requestKind: kindOf(request),
    requestResource: resourceOf(request),
    ...(subresource === '' ? {} : { requestSubResource: subresource }),
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      ...(user.groups.length === 0 ? {} : { groups: user.groups }),
      ...(Object.keys(user.extra ?? {}).length === 0 ? {} : { extra: user.extra }),
    },
    dryRun,
    options: optionsKind === undefined ? null : { kind: optionsKind, apiVersion: 'meta.k8s.io/v1', ...options },
  };
}
