import { messageOf } from '../../../../../shared/error-message';
import type {
  KubeObject,
  Namespace,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../../../../shared/kubernetes/objects';
import {
  namespaces,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
} from '../../../../../shared/kubernetes/resources';
import { StatusError } from '../../../../../shared/kubernetes/status-error';
import type { Authorizer } from '../../authorization/authorizer';
import { notFound } from '../../status-errors';
import { kindOf, namespaceOf } from '../attributes';
import { expressionInputs } from '../cel/inputs';
import { forbidden } from '../forbidden';
import { type Match, matchResources } from '../matching/resources';
import { isExempt } from '../matching/rules';
import type { AdmissionPluginFactory, AdmissionRequest, ServedApi } from '../plugin';
import { compiledPolicy } from './compiled-policy';
import { ConfigurationError, collectParameters, resourceOfKind, unknownKind } from './parameters';
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
      const hooks = boundPolicies(api);
      if (hooks.length === 0 || isExempt(request)) return;
      const refusals = hooks.flatMap(({ policy, bindings }) => judge(api, authorizer, request, policy, bindings));
      const [first] = refusals;
      if (first !== undefined) throw refusalError(request, first);
    },
  });
}

/** Policies with the bindings that put them to work, by their names. */
function boundPolicies(api: ServedApi): { policy: ValidatingAdmissionPolicy; bindings: Binding[] }[] {
  const bindings = new Map<string, Binding[]>();
  for (const binding of api.allStored(validatingAdmissionPolicyBindings)) {
    const name = binding.spec?.policyName ?? '';
    bindings.set(name, [...(bindings.get(name) ?? []), binding]);
  }
  return [...bindings.keys()].sort().flatMap((name) => {
    const policy = api.stored(validatingAdmissionPolicies, undefined, name);
    return policy === undefined ? [] : [{ policy, bindings: bindings.get(name) ?? [] }];
  });
}

function judge(
  api: ServedApi,
  authorizer: Authorizer,
  request: AdmissionRequest,
  policy: ValidatingAdmissionPolicy,
  bindings: readonly Binding[],
): Refusal[] {
  const { spec = {} } = policy;
  const ignoresFailures = spec.failurePolicy === 'Ignore';
  const misconfigured = (error: unknown, binding?: Binding): Refusal[] => {
    if (!(error instanceof ConfigurationError || error instanceof StatusError)) throw error;
    if (ignoresFailures) return [];
    const what = binding === undefined ? 'policy' : 'binding';
    const denial = { message: `failed to configure ${what}: ${messageOf(error)}` };
    return [{ policy, ...(binding && { binding }), denial }];
  };
  let match: Match | undefined;
  try {
    match = matchResources(api, spec.matchConstraints ?? {}, request);
    if (match === undefined) return [];
    if (spec.paramKind !== undefined && resourceOfKind(api, spec.paramKind) === undefined) {
      throw unknownKind(spec.paramKind);
    }
  } catch (error) {
    return misconfigured(error);
  }
  const common = expressionInputs(api, authorizer, request, match.resource, match);
  const annotations = new Map<string, Set<string>>();
  const refusals: Refusal[] = [];
  for (const binding of bindings) {
    let parameters: readonly (KubeObject | undefined)[];
    try {
      const constraints = binding.spec?.matchResources;
      if (constraints !== undefined && matchResources(api, constraints, request) === undefined) continue;
      parameters = collectParameters(api, spec.paramKind, binding.spec?.paramRef, namespaceOf(request));
    } catch (error) {
      refusals.push(...misconfigured(error, binding));
      continue;
    }
    const namespaceObject = namespaceFor(api, request);
    for (const params of parameters) {
      const inputs = { ...common, namespaceObject, params };
      const verdict = askPolicy(compiledPolicy(policy), inputs, ignoresFailures);
      refusals.push(...act(request, policy, binding, verdict));
      for (const { key, value } of verdict.annotations) {
        const values = annotations.get(key) ?? new Set();
        annotations.set(key, values.add(value.slice(0, LONGEST_ANNOTATION)));
      }
    }
  }
  for (const [key, values] of annotations) request.annotate(`${policy.metadata.name}/${key}`, [...values].join(', '));
  return refusals;
}

/** @throws StatusError 404 when it is not there. */
function namespaceFor(api: ServedApi, request: AdmissionRequest): Namespace | undefined {
  const { group, version, kind } = kindOf(request);
  const name = group === '' && version === 'v1' && kind === 'Namespace' ? '' : namespaceOf(request);
  if (name === '') return undefined;
  const namespace = api.stored(namespaces, undefined, name);
  if (namespace === undefined) throw notFound(namespaces, name);
  // Who manages or owns it is not shown (plugin/cel/condition.go, `CreateNamespaceObject`).
  const { ownerReferences: _, ...metadata } = namespace.metadata;
  return { metadata, spec: namespace.spec ?? {}, status: namespace.status ?? {} };
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
