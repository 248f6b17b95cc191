import { messageOf } from '../../../../../shared/error-message';
import type { KubeObject, ValidatingAdmissionPolicyBinding } from '../../../../../shared/kubernetes/objects';
import { groupVersionOf, type Resource } from '../../../../../shared/kubernetes/resources';
import { selectorFromLabelSelector } from '../../../../../shared/kubernetes/selectors';
import type { ServedApi } from '../plugin';

interface ParamKind {
  readonly apiVersion?: string;
  readonly kind?: string;
}
export type ParamRef = NonNullable<ValidatingAdmissionPolicyBinding['spec']>['paramRef'];

/** A policy or a binding is set up in a way that cannot work. */
export class ConfigurationError extends Error {}

/** The resource whose objects are of a kind; `undefined` when none is served. */
export function resourceOfKind({ definitions }: ServedApi, { apiVersion = '', kind }: ParamKind): Resource | undefined {
  const { group, version } = groupVersionOf(apiVersion);
  return definitions.find(({ resource }) => {
    return resource.group === group && resource.version === version && resource.kind === kind;
  })?.resource;
}

/**
 * The objects that a binding has a policy take its parameters from (k8s.io/apiserver/pkg/admission/plugin/policy/generic/
 * policy_dispatcher.go, `CollectParams`). `undefined` in the list: the policy is asked without.
 * @throws ConfigurationError
 */
export function collectParameters(
  api: ServedApi,
  kind: ParamKind | undefined,
  ref: ParamRef,
  namespace: string,
): (KubeObject | undefined)[] {
  if (kind === undefined || ref === undefined) return [undefined];
  const resource = resourceOfKind(api, kind);
  if (resource === undefined) throw unknownKind(kind);
  if (!resource.namespaced && ref.namespace) {
    throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  }
  const from = resource.namespaced ? ref.namespace || namespace : undefined;
  if (from === '') {
    throw new ConfigurationError(
      'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
    );
  }
  const found = ref.name ? named(api, resource, from, ref.name) : selected(api, resource, from, ref);
  if (found.length === 0 && ref.parameterNotFoundAction === 'Deny') {
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return found;
}

/** What is said of a kind that is not served. */
export function unknownKind({ apiVersion = '', kind = '' }: ParamKind): ConfigurationError {
  const { group, version } = groupVersionOf(apiVersion);
  return new ConfigurationError(`failed to find resource referenced by paramKind: '${group}/${version}, Kind=${kind}'`);
}

function named(api: ServedApi, resource: Resource, namespace: string | undefined, name: string): KubeObject[] {
  const object = api.stored(resource, namespace, name);
  return object === undefined ? [] : [object];
}

function selected(
  api: ServedApi,
  resource: Resource,
  namespace: string | undefined,
  ref: NonNullable<ParamRef>,
): KubeObject[] {
  let selector: ReturnType<typeof selectorFromLabelSelector>;
  try {
    selector = selectorFromLabelSelector(ref.selector);
  } catch (error) {
    throw new ConfigurationError(messageOf(error));
  }
  return [...api.allStored(resource)].filter(({ metadata }) => {
    return (namespace === undefined || metadata.namespace === namespace) && selector.matches(metadata.labels);
  });
}
