import { messageOf } from '../../../../../shared/error-message';
import type { KubeObject, Namespace, ValidatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import { namespaces, type Resource } from '../../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import { notFound } from '../../status-errors';
import type { MatchResources } from '../../validation/admission/rules';
import { kindOf, namespaceOf } from '../attributes';
import { type Match, matchResources } from '../matching/resources';
import type { AdmissionRequest, ServedApi } from '../plugin';
import { ConfigurationError, collectParameters, type ParamRef, resourceOfKind, unknownKind } from './parameters';

/** What policies of both sorts have in common. */
export interface AnyPolicy extends KubeObject {
  readonly spec?: Pick<
    NonNullable<ValidatingAdmissionPolicy['spec']>,
    'paramKind' | 'matchConstraints' | 'failurePolicy'
  >;
}

/** The same of their bindings. */
export interface AnyBinding extends KubeObject {
  readonly spec?: {
    readonly policyName?: string;
    readonly paramRef?: ParamRef;
    readonly matchResources?: MatchResources;
  };
}

/** A policy with the bindings that put it to work. */
export interface BoundPolicy<P extends AnyPolicy, B extends AnyBinding> {
  readonly policy: P;
  readonly bindings: readonly B[];
}

/** A policy is to be asked about a request; or that cannot be done, and why. */
export type Invocation<P, B> =
  | { readonly policy: P; readonly binding: B; readonly match: Match; readonly params: KubeObject | undefined }
  | { readonly policy: P; readonly binding?: B; readonly error: string };

/** Policies with the bindings that put them to work, by their names. */
export function boundPolicies<P extends AnyPolicy, B extends AnyBinding>(
  api: ServedApi,
  policies: Resource<P>,
  ofBindings: Resource<B>,
): BoundPolicy<P, B>[] {
  const bindings = new Map<string, B[]>();
  for (const binding of api.allStored(ofBindings)) {
    const name = binding.spec?.policyName ?? '';
    bindings.set(name, [...(bindings.get(name) ?? []), binding]);
  }
  return [...bindings.keys()].sort().flatMap((name) => {
    const policy = api.stored(policies, undefined, name);
    return policy === undefined ? [] : [{ policy, bindings: bindings.get(name) ?? [] }];
  });
}

/**
 * How often a policy is to be asked about a request: for each binding that fits, and for each object that it takes parameters
 * from (k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go, `Dispatch`).
 */
export function* invocationsOf<P extends AnyPolicy, B extends AnyBinding>(
  api: ServedApi,
  request: AdmissionRequest,
  { policy, bindings }: BoundPolicy<P, B>,
): Iterable<Invocation<P, B>> {
  const { paramKind, matchConstraints = {} } = policy.spec ?? {};
  let match: Match | undefined;
  try {
    match = matchResources(api, matchConstraints, request);
    if (match === undefined) return;
    if (paramKind !== undefined && resourceOfKind(api, paramKind) === undefined) throw unknownKind(paramKind);
  } catch (error) {
    yield { policy, error: `failed to configure policy: ${misconfiguration(error)}` };
    return;
  }
  for (const binding of bindings) {
    const { matchResources: constraints, paramRef } = binding.spec ?? {};
    let parameters: readonly (KubeObject | undefined)[];
    try {
      if (constraints !== undefined && matchResources(api, constraints, request) === undefined) continue;
      parameters = collectParameters(api, paramKind, paramRef, namespaceOf(request));
    } catch (error) {
      yield { policy, binding, error: `failed to configure binding: ${misconfiguration(error)}` };
      continue;
    }
    for (const params of parameters) yield { policy, binding, match, params };
  }
}

/** What is wrong with how something is set up. Anything else is no such thing, and is thrown on. */
function misconfiguration(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof StatusError) return messageOf(error);
  throw error;
}

/** The namespace of a request as expressions see it. @throws StatusError 404 when it is not there. */
export function namespaceFor(api: ServedApi, request: AdmissionRequest): Namespace | undefined {
  const { group, version, kind } = kindOf(request);
  const name = group === '' && version === 'v1' && kind === 'Namespace' ? '' : namespaceOf(request);
  if (name === '') return undefined;
  const namespace = api.stored(namespaces, undefined, name);
  if (namespace === undefined) throw notFound(namespaces, name);
  // Who manages or owns it is not shown (plugin/cel/condition.go, `CreateNamespaceObject`).
  const { ownerReferences: _, ...metadata } = namespace.metadata;
  return { metadata, spec: namespace.spec ?? {}, status: namespace.status ?? {} };
}
