import { isDeepStrictEqual } from 'node:util';
import {
  groupVersionOf,
  mutatingAdmissionPolicies,
  mutatingAdmissionPolicyBindings,
  type Resource,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
} from '../../../../../shared/kubernetes/resources';
import type { Authorizer } from '../../authorization/authorizer';
import { invalid } from '../../status-errors';
import { forbidden } from '../../validation/field-error';
import { written } from '../concerns';
import type { AdmissionPluginFactory, AdmissionRequest, ServedApi } from '../plugin';
import type { AnyBinding, AnyPolicy } from './invocations';
import { resourceOfKind } from './parameters';

/**
 * Whoever has a policy read parameters must be allowed to read them. Upstream checks this in the strategies of the kinds
 * (pkg/registry/admissionregistration/validatingadmissionpolicy/authz.go and its like for bindings and mutating policies), after all other validation.
 */
export function policyParameterAccess(authorizer: Authorizer): AdmissionPluginFactory {
  return (_client, _clock, api) => ({
    name: 'PolicyParameterAccess',
    validate(request) {
      // Who may do everything is not asked.
      if (request.attributes.user.groups.includes('system:masters')) return;
      check(api, authorizer, request, validatingAdmissionPolicies, validatingAdmissionPolicyBindings);
      check(api, authorizer, request, mutatingAdmissionPolicies, mutatingAdmissionPolicyBindings);
    },
  });
}

/** Of one sort of policies. */
function check<P extends AnyPolicy, B extends AnyBinding>(
  api: ServedApi,
  authorizer: Authorizer,
  request: AdmissionRequest,
  policies: Resource<P>,
  bindings: Resource<B>,
): void {
  const policy = written(request, policies, 'CREATE', 'UPDATE');
  if (policy !== undefined) checkPolicy(api, authorizer, request, policies, policy);
  const binding = written(request, bindings, 'CREATE', 'UPDATE');
  if (binding !== undefined) checkBinding(api, authorizer, request, bindings, binding, policies);
}

function checkPolicy(
  api: ServedApi,
  authorizer: Authorizer,
  request: AdmissionRequest,
  policies: Resource,
  policy: AnyPolicy,
): void {
  const paramKind = policy.spec?.paramKind;
  const old: AnyPolicy | undefined = request.oldObject;
  if (paramKind === undefined || isDeepStrictEqual(paramKind, old?.spec?.paramKind)) return;
  const { resource } = target(api, paramKind);
  if (mayRead(authorizer, request, 'get', resource, '*', '*')) return;
  const { apiVersion = '', kind = '' } = paramKind;
  const text = `user ${userText(request)} must have "get" permission on all objects of the referenced paramKind (kind=${kind}, apiVersion=${apiVersion})`;
  throw invalid(policies, policy.metadata.name ?? '', [forbidden('spec.paramKind', text)]);
}

function checkBinding(
  api: ServedApi,
  authorizer: Authorizer,
  request: AdmissionRequest,
  bindings: Resource,
  binding: AnyBinding,
  policies: Resource<AnyPolicy>,
): void {
  const { paramRef, policyName = '' } = binding.spec ?? {};
  if (paramRef === undefined) return;
  const verb = paramRef.name ? 'get' : 'list';
  const policy = api.stored(policies, undefined, policyName);
  const paramKind = policy?.spec?.paramKind;
  const { resource, isKnown } = target(api, paramKind);
  if (mayRead(authorizer, request, verb, resource, paramRef.namespace ?? '', paramRef.name ?? '')) return;
  const lacks = `user ${userText(request)} does not have "${verb}" permission`;
  // Upstream takes one for the other here (mutatingadmissionpolicybinding/authz.go).
  const swapped = `user ${verb} does not have "${userText(request)}" permission`;
  const isMutating = bindings.resource === mutatingAdmissionPolicyBindings.resource;
  const everything = `to determine minimum required permissions and ${lacks} for all groups, versions and resources`;
  const text =
    policy === undefined
      ? `unable to get policy ${policyName} ${everything}`
      : isKnown
        ? `${isMutating ? swapped : lacks} on the object referenced by paramRef`
        : `unable to resolve paramKind ${paramKind?.apiVersion ?? ''}, Kind=${paramKind?.kind ?? ''} ${everything}`;
  throw invalid(bindings, binding.metadata.name ?? '', [forbidden('spec.paramRef', text)]);
}

interface ReadTarget {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** What must be read; everything, where that is not known. */
function target(
  api: ServedApi,
  kind: { readonly apiVersion?: string; readonly kind?: string } | undefined,
): { readonly resource: ReadTarget; readonly isKnown: boolean } {
  if (kind === undefined) return { resource: { group: '*', version: '*', resource: '*' }, isKnown: true };
  const known = resourceOfKind(api, kind);
  return {
    resource: { ...groupVersionOf(kind.apiVersion ?? ''), resource: known?.resource ?? '*' },
    isKnown: known !== undefined,
  };
}

function mayRead(
  authorizer: Authorizer,
  { attributes: { user } }: AdmissionRequest,
  verb: string,
  resource: ReadTarget,
  namespace: string,
  name: string,
): boolean {
  return authorizer.authorize({ user, verb, isResource: true, path: '', subresource: '', ...resource, namespace, name })
    .allowed;
}

/** A user as Go prints `user.DefaultInfo`. */
function userText({ attributes: { user } }: AdmissionRequest): string {
  const extra = Object.entries(user.extra ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, values]) => `${key}:[${values.join(' ')}]`);
  return `&{${user.name} ${user.uid ?? ''} [${user.groups.join(' ')}] map[${extra.join(' ')}]}`;
}
