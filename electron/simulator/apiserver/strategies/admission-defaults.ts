import type { MutatingWebhookConfiguration } from '../../../../shared/kubernetes/objects';
import type { MatchResources, Rule } from '../validation/admission/rules';

/** The defaults of pkg/apis/admissionregistration/v1/defaults.go. */

type Webhook = NonNullable<MutatingWebhookConfiguration['webhooks']>[number];

function defaultRule(rule: Rule): void {
  rule.scope ??= '*';
}

/** What webhooks of both sorts have in common. */
export function defaultWebhook(webhook: Omit<Webhook, 'reinvocationPolicy'>): void {
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
  webhook.rules?.forEach(defaultRule);
  // What a client sends may have no configuration.
  const service = (webhook.clientConfig as Webhook['clientConfig'] | undefined)?.service;
  if (service !== undefined) service.port ??= 443;
}

/** A policy of either sort. */
export function defaultPolicy(policy: {
  spec?: { failurePolicy?: string; matchConstraints?: NonNullable<MatchResources> };
}): void {
  policy.spec ??= {};
  policy.spec.failurePolicy ??= 'Fail';
  defaultMatchResources(policy.spec.matchConstraints);
}

/** What a policy or a binding is about. */
export function defaultMatchResources(match: MatchResources): void {
  if (match === undefined) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  match.resourceRules?.forEach(defaultRule);
  match.excludeResourceRules?.forEach(defaultRule);
}
