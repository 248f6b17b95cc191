import { isDeepStrictEqual } from 'node:util';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../../../../../shared/kubernetes/label-syntax';
import type {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '../../../../../shared/kubernetes/objects';
import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error';
import { validateLabelSelector } from '../labels';
import { oneOf } from '../values';
import {
  hasKnownReviewVersion,
  KNOWN_REVIEW_VERSIONS,
  webhookServiceErrors,
  webhookUrlErrors,
} from '../webhook-client';
import { FAILURE_POLICIES, MATCH_POLICIES, validateMatchConditions } from './match';
import { validateRule } from './rules';

type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration;
type Webhook = NonNullable<MutatingWebhookConfiguration['webhooks']>[number];

const SIDE_EFFECTS = ['None', 'NoneOnDryRun', 'Some', 'Unknown'];
const NO_SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const REINVOCATION_POLICIES = ['IfNeeded', 'Never'];

/** What an update may keep though it could not be written anew. */
interface Rules {
  readonly ignoreMatchConditions?: boolean;
  readonly allowSideEffects?: boolean;
  readonly allowUnknownReviews?: boolean;
  readonly allowSameNames?: boolean;
  readonly allowBadSelectors?: boolean;
}

/** `ValidateMutatingWebhookConfiguration` and its twin (pkg/apis/admissionregistration/validation/validation.go). */
export const validateWebhookConfiguration = (configuration: Configuration) => validate(configuration, {});

/** `ValidateMutatingWebhookConfigurationUpdate` and its twin: faults that were there already may stay. */
export function validateWebhookConfigurationUpdate(configuration: Configuration, old: Configuration): FieldError[] {
  const before = webhooksOf(old);
  const now = webhooksOf(configuration);
  const names = before.map(({ name }) => name);
  return validate(configuration, {
    ignoreMatchConditions:
      now.length === before.length &&
      now.every(({ matchConditions }, index) => isDeepStrictEqual(matchConditions, before[index]?.matchConditions)),
    allowSideEffects: !before.every(({ sideEffects }) => NO_SIDE_EFFECTS.includes(sideEffects)),
    allowUnknownReviews: before.some(
      ({ admissionReviewVersions: versions }) => versions.length > 0 && !hasKnownReviewVersion(versions),
    ),
    allowSameNames: new Set(names).size < names.length,
    allowBadSelectors: before.some((webhook) => selectorErrors(webhook, '').length > 0),
  });
}

function webhooksOf({ webhooks = [] }: Configuration): readonly Webhook[] {
  return webhooks;
}

function validate(configuration: Configuration, rules: Rules): FieldError[] {
  const names = new Set<string>();
  return webhooksOf(configuration).flatMap((webhook, index) => {
    const at = `webhooks[${index}]`;
    const errors = [
      ...validateWebhook(webhook, at, rules),
      ...reviewVersionErrors(webhook.admissionReviewVersions ?? [], `${at}.admissionReviewVersions`, rules),
    ];
    const { name } = webhook;
    if (name && !rules.allowSameNames && names.has(name)) errors.push(duplicate(`${at}.name`, name));
    if (name) names.add(name);
    return errors;
  });
}

function validateWebhook(webhook: Webhook, path: string, rules: Rules): FieldError[] {
  const { sideEffects, timeoutSeconds, clientConfig, matchConditions } = webhook;
  const effects = rules.allowSideEffects ? SIDE_EFFECTS : NO_SIDE_EFFECTS;
  const errors = [
    ...nameErrors(webhook.name ?? '', `${path}.name`),
    ...(webhook.rules ?? []).flatMap((rule, index) => validateRule(rule, `${path}.rules[${index}]`)),
    ...oneOf(webhook.failurePolicy, FAILURE_POLICIES, `${path}.failurePolicy`),
    ...oneOf(webhook.matchPolicy, MATCH_POLICIES, `${path}.matchPolicy`),
  ];
  if (sideEffects === undefined) {
    errors.push(required(`${path}.sideEffects`, `must specify one of ${effects.join(', ')}`));
  } else if (!effects.includes(sideEffects)) errors.push(notSupported(`${path}.sideEffects`, sideEffects, effects));
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1)) {
    errors.push(
      invalid(`${path}.timeoutSeconds`, timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'),
    );
  }
  errors.push(
    ...(rules.allowBadSelectors ? [] : selectorErrors(webhook, path)),
    ...oneOf(webhook.reinvocationPolicy, REINVOCATION_POLICIES, `${path}.reinvocationPolicy`),
    ...clientErrors(clientConfig ?? {}, `${path}.clientConfig`),
  );
  if (!rules.ignoreMatchConditions) {
    errors.push(...validateMatchConditions(matchConditions, `${path}.matchConditions`, false));
  }
  return errors;
}

/** `IsFullyQualifiedName`. */
function nameErrors(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)];
  const problems = dns1123SubdomainProblems(name);
  if (problems.length > 0) return [invalid(path, name, problems.join(','))];
  if (name.split('.').length >= 3) return [];
  return [invalid(path, name, 'should be a domain with at least three segments separated by dots')];
}

function selectorErrors({ namespaceSelector, objectSelector }: Webhook, path: string): FieldError[] {
  return [
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(objectSelector, `${path}.objectSelector`),
  ];
}

function clientErrors({ url, service }: Partial<Webhook['clientConfig']>, path: string): FieldError[] {
  if ((url === undefined) === (service === undefined)) {
    return [required(path, 'exactly one of url or service is required')];
  }
  return [
    ...(url === undefined ? [] : webhookUrlErrors(url, `${path}.url`)),
    ...(service === undefined ? [] : webhookServiceErrors(service, `${path}.service`)),
  ];
}

/** `validateAdmissionReviewVersions`. */
function reviewVersionErrors(versions: readonly string[], path: string, rules: Rules): FieldError[] {
  if (versions.length === 0) return [required(path, `must specify one of ${KNOWN_REVIEW_VERSIONS}`)];
  const errors = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalid(`${path}[${index}]`, version, 'duplicate version')]
      : dns1035LabelProblems(version).map((problem) => invalid(`${path}[${index}]`, version, problem)),
  );
  if (!rules.allowUnknownReviews && !hasKnownReviewVersion(versions)) {
    errors.push(invalid(path, versions, `must include at least one of ${KNOWN_REVIEW_VERSIONS}`));
  }
  return errors;
}
