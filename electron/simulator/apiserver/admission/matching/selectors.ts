import type { LabelSelector } from '../../../../../shared/kubernetes/meta';
import type { KubeObject } from '../../../../../shared/kubernetes/objects';
import { namespaces } from '../../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../../shared/kubernetes/selectors';
import { notFound } from '../../status-errors';
import { namespaceOf } from '../attributes';
import type { AdmissionRequest, ServedApi } from '../plugin';

/**
 * Whether a request's namespace is selected (k8s.io/apiserver/pkg/admission/plugin/webhook/predicates/namespace). What is in
 * no namespace always is.
 * @throws StatusError 404 when the namespace is not there.
 */
export function namespaceSelected(
  api: ServedApi,
  labelSelector: LabelSelector | undefined,
  request: AdmissionRequest,
): boolean {
  const { attributes, operation, object } = request;
  const { resource, subresource } = attributes;
  const name = namespaceOf(request);
  if (name === '' && resource !== 'namespaces') return true;
  const selector = selectorFromLabelSelector(labelSelector);
  if (selector.requirements.length === 0) return true;
  // The labels that it is to have count.
  const isWritten =
    resource === 'namespaces' && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE');
  const { metadata } = isWritten && object !== undefined ? object : storedNamespace(api, name);
  return selector.matches(metadata.labels);
}

/** @throws StatusError 404. */
function storedNamespace(api: ServedApi, name: string): KubeObject {
  const namespace = api.stored(namespaces, undefined, name);
  if (namespace === undefined) throw notFound(namespaces, name);
  return namespace;
}

/** Whether the object is selected as it is or as it was (predicates/object). */
export function objectSelected(
  labelSelector: LabelSelector | undefined,
  { object, oldObject }: AdmissionRequest,
): boolean {
  const selector = selectorFromLabelSelector(labelSelector);
  if (selector.requirements.length === 0) return true;
  return [object, oldObject].some((each) => each !== undefined && selector.matches(each.metadata?.labels));
}
