import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../../../../shared/kubernetes/objects';
import {
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
} from '../../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import type { Authorizer } from '../../authorization/authorizer';
import type { ExpressionInputs } from '../cel/evaluate';
import { expressionInputs } from '../cel/inputs';
import { forbidden } from '../forbidden';
import { isExempt } from '../matching/rules';
import type { AdmissionPluginFactory, AdmissionRequest, ServedApi } from '../plugin';
import { compiledPolicy } from './compiled-policy';
import { type BoundPolicy, boundPolicies, invocationsOf, namespaceFor } from './invocations';
import { askPolicy, type Denial, type Verdict } from './validator';

type Binding = ValidatingAdmissionPolicyBinding;

interface Refusal {
  readonly policy: ValidatingAdmissionPolicy;
  readonly binding?: Binding;
  readonly denial: Omit<Denial, 'index'>;
}

const LONGEST_ANNOTATION = 10 * 1024;
const CODES: Readonly<Record<string, number>> = { Forbidden: 403, RequestEntityTooLarge: 413, Invalid: 422 };

/**
 * ValidatingAdmissionPolicies: what the cluster's owner has said in CEL
 * (k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go). Upstream looks for changed policies once a second; here
 * they count at once.
 */
export function validatingAdmissionPolicy(authorizer: Authorizer): AdmissionPluginFactory {
  return (_client, _clock, api) => ({
    name: 'ValidatingAdmissionPolicy',
    validate(request) {
      const hooks = boundPolicies(api, validatingAdmissionPolicies, validatingAdmissionPolicyBindings);
      if (hooks.length === 0 || isExempt(request)) return;
      const refusals = hooks.flatMap((bound) => judge(api, authorizer, request, bound));
      const [first] = refusals;
      if (first !== undefined) throw refusalError(request, first);
    },
  });
}

function judge(
  api: ServedApi,
  authorizer: Authorizer,
  request: AdmissionRequest,
  bound: BoundPolicy<ValidatingAdmissionPolicy, Binding>,
): Refusal[] {
  const { policy } = bound;
  const ignoresFailures = policy.spec?.failurePolicy === 'Ignore';
  const annotations = new Map<string, Set<string>>();
  const refusals: Refusal[] = [];
  let common: ExpressionInputs | undefined;
  for (const invocation of invocationsOf(api, request, bound)) {
    if ('error' in invocation) {
      const { binding, error } = invocation;
      if (!ignoresFailures) refusals.push({ policy, ...(binding && { binding }), denial: { message: error } });
      continue;
    }
    const { binding, match, params } = invocation;
    common ??= {
      ...expressionInputs(api, authorizer, request, match.resource, match),
      namespaceObject: namespaceFor(api, request),
    };
    const verdict = askPolicy(compiledPolicy(policy), { ...common, params }, ignoresFailures);
    refusals.push(...act(request, policy, binding, verdict));
    for (const { key, value } of verdict.annotations) {
      const values = annotations.get(key) ?? new Set();
      annotations.set(key, values.add(value.slice(0, LONGEST_ANNOTATION)));
    }
  }
  for (const [key, values] of annotations) request.annotate(`${policy.metadata.name}/${key}`, [...values].join(', '));
  return refusals;
}

/** Does with a verdict what the binding says. @returns what refuses the request. */
function act(
  request: AdmissionRequest,
  policy: ValidatingAdmissionPolicy,
  binding: Binding,
  { denials, annotationErrors }: Verdict,
): Refusal[] {
  const actions = binding.spec?.validationActions ?? [];
  const names = { policy: policy.metadata.name ?? '', binding: binding.metadata.name ?? '' };
  const refusals: Refusal[] = [];
  for (const denial of denials) {
    const { message, index } = denial;
    for (const action of actions) {
      if (action === 'Deny') refusals.push({ policy, binding, denial });
      else if (action === 'Warn') {
        const by = `ValidatingAdmissionPolicy '${names.policy}' with binding '${names.binding}'`;
        request.warn(`Validation failed for ${by}: ${message}`);
      } else {
        const failures = [{ message, ...names, expressionIndex: index, validationActions: actions }];
        request.annotate('validation.policy.admission.k8s.io/validation_failure', JSON.stringify(failures));
      }
    }
  }
  return [...refusals, ...annotationErrors.map((message) => ({ policy, binding, denial: { message } }))];
}

function refusalError(request: AdmissionRequest, { policy, binding, denial }: Refusal): StatusError {
  const by = binding === undefined ? '' : ` with binding '${binding.metadata.name}'`;
  const text = `ValidatingAdmissionPolicy '${policy.metadata.name}'${by} denied request: ${denial.message}`;
  const { status } = forbidden(request, text, [{ message: text }]);
  const reason = denial.reason ?? 'Invalid';
  return new StatusError({ ...status, reason, code: CODES[reason] ?? 422 });
}
