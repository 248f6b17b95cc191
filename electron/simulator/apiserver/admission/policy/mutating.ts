import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '../../../../../shared/kubernetes/objects';
import { mutatingAdmissionPolicies, mutatingAdmissionPolicyBindings } from '../../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import type { Authorizer } from '../../authorization/authorizer';
import { deepCopy, deepEqual } from '../../json';
import { resourceOf } from '../attributes';
import { meetsConditions } from '../cel/conditions';
import { expressionInputs } from '../cel/inputs';
import { forbidden } from '../forbidden';
import { isExempt } from '../matching/rules';
import { replaceObject } from '../mutation';
import type { AdmissionPluginFactory, AdmissionRequest, ServedApi } from '../plugin';
import { Turns } from '../turns';
import { compiledMutatingPolicy, type Mutator } from './compiled-mutating-policy';
import { boundPolicies, type Invocation, invocationsOf, namespaceFor } from './invocations';
import { mutatedObject, PolicyFailure } from './mutated-object';

const NAME = 'MutatingAdmissionPolicy';

type Policy = MutatingAdmissionPolicy;
type Binding = MutatingAdmissionPolicyBinding;
type Invoked = Exclude<Invocation<Policy, Binding>, { error: string }>;

interface Refusal {
  readonly policy: Policy;
  readonly binding?: Binding;
  readonly message: string;
  /** Whether the policy itself could not do its work; else it is set up in a way that cannot work. */
  readonly isFailure: boolean;
}

/**
 * MutatingAdmissionPolicies: how the cluster's owner has objects changed, said in CEL
 * (k8s.io/apiserver/pkg/admission/plugin/policy/mutating/dispatcher.go). Upstream looks for changed policies once a second; here
 * they count at once.
 */
export function mutatingAdmissionPolicy(authorizer: Authorizer): AdmissionPluginFactory {
  return (_client, _clock, api) => ({
    name: NAME,
    admit(request) {
      // Nothing is left to be changed of what is deleted.
      if (request.operation === 'DELETE' || isExempt(request)) return;
      const hooks = boundPolicies(api, mutatingAdmissionPolicies, mutatingAdmissionPolicyBindings);
      if (hooks.length === 0) return;
      // Who is to be asked is settled before anything is changed.
      const invocations = hooks.flatMap((bound) => [...invocationsOf(api, request, bound)]);
      const misconfigured = invocations.flatMap((invocation): Refusal[] => {
        if (!('error' in invocation)) return [];
        const { policy, binding, error } = invocation;
        return [{ policy, ...(binding && { binding }), message: error, isFailure: false }];
      });
      const invoked = invocations.filter((invocation): invocation is Invoked => !('error' in invocation));
      const failed = invoked.length === 0 ? [] : mutate(api, authorizer, request, invoked);
      const refusals = [...misconfigured, ...failed].filter(({ policy }) => policy.spec?.failurePolicy !== 'Ignore');
      if (refusals.length > 0) throw refusalError(request, refusals);
    },
  });
}

/** @throws StatusError when a policy makes something of the object that is none. */
function mutate(
  api: ServedApi,
  authorizer: Authorizer,
  request: AdmissionRequest,
  invocations: readonly Invoked[],
): Refusal[] {
  const { reinvocation } = request;
  const turns = reinvocation.value(NAME, () => new Turns());
  turns.begin(request);
  const namespaceObject = namespaceFor(api, request);
  const refusals: Refusal[] = [];
  let isTouched = false;
  for (const { policy, binding, match, params } of invocations) {
    const failed = (message: string) => refusals.push({ policy, binding, message, isFailure: true });
    const { conditions, variables, mutators } = compiledMutatingPolicy(policy);
    const { kind, resource } = match;
    const asked = { resource: resourceOf(request), kind };
    const conditional = { ...expressionInputs(api, authorizer, request, resource, asked), params };
    const ignoresFailures = policy.spec?.failurePolicy === 'Ignore';
    const { met, error } = meetsConditions(conditions, conditional, ignoresFailures);
    if (error !== undefined) failed(error);
    if (!met) continue;
    const uid = [policy, binding, params].map((each) => `${each?.metadata.namespace}/${each?.metadata.name}`).join(' ');
    if (!turns.has(request, uid)) continue;
    const before = request.object && deepCopy(request.object);
    const attempt = (mutator: Mutator): void => {
      if (request.object === undefined) return;
      const inputs = { ...expressionInputs(api, authorizer, request, resource, match), namespaceObject, params };
      replaceObject(request.object, mutatedObject(api, { request, match, inputs, variables }, mutator));
      isTouched = true;
    };
    for (const mutator of mutators) {
      try {
        attempt(mutator);
      } catch (thrown) {
        if (!(thrown instanceof PolicyFailure)) throw thrown;
        failed(thrown.message);
      }
    }
    if (!deepEqual(before, request.object)) {
      turns.somethingChanged();
      reinvocation.shouldReinvoke = true;
    }
    if (policy.spec?.reinvocationPolicy === 'IfNeeded') turns.mayBeAskedAgain(uid);
  }
  // Whoever has had a turn gets another one, be the object as it was.
  if (isTouched) {
    turns.somethingChanged();
    reinvocation.shouldReinvoke = true;
  }
  turns.end(request);
  return refusals;
}

function refusalError(request: AdmissionRequest, refusals: readonly Refusal[]): StatusError {
  const messages = refusals.map(({ policy, binding, message }) => {
    const name = policy.metadata.name ?? '';
    const by = binding === undefined ? JSON.stringify(name) : `'${name}' with binding '${binding.metadata.name}'`;
    return `policy ${by} denied request: ${message}`;
  });
  const { status } = forbidden(
    request,
    messages[0] ?? '',
    messages.map((message) => ({ message })),
  );
  const reason = refusals[0]?.isFailure === true ? 'Invalid' : status.reason;
  return new StatusError({ ...status, message: messages[0] ?? '', ...(reason === undefined ? {} : { reason }) });
}
