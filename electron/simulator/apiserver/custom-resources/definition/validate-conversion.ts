import { X509Certificate } from 'node:crypto';
import type {
  DefinitionConversion,
  WebhookClientConfig,
} from '../../../../../shared/kubernetes/custom-resource-definitions';
import { dns1035LabelProblems } from '../../../../../shared/kubernetes/label-syntax';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../validation/field-error';
import {
  hasKnownReviewVersion,
  KNOWN_REVIEW_VERSIONS,
  webhookServiceErrors,
  webhookUrlErrors,
} from '../../validation/webhook-client';

export interface ConversionRules {
  /** Whether one of the review versions must be one that the server speaks. */
  readonly knownVersion: boolean;
  /** Whether a bundle of certificates may be none: until a definition is established, or if its bundle was bad before. */
  readonly anyBundle: boolean;
}

/** How objects get from one version to another (validateCustomResourceConversion). */
export function validateConversion(
  conversion: DefinitionConversion | undefined,
  path: string,
  rules: ConversionRules,
): FieldError[] {
  if (conversion === undefined) return [];
  const { strategy, webhook } = conversion;
  const errors: FieldError[] = [];
  const field = `${path}.webhookClientConfig`;
  if (!strategy) errors.push(required(`${path}.strategy`));
  else if (!['None', 'Webhook'].includes(strategy)) {
    errors.push(notSupported(`${path}.strategy`, strategy, ['None', 'Webhook']));
  }
  if (strategy !== 'Webhook') {
    const detail = 'should not be set when strategy is not set to Webhook';
    if (webhook?.clientConfig !== undefined) errors.push(forbidden(field, detail));
    if ((webhook?.conversionReviewVersions ?? []).length > 0) {
      errors.push(forbidden(`${path}.conversionReviewVersions`, detail));
    }
    return errors;
  }
  if (webhook?.clientConfig === undefined) errors.push(required(field, 'required when strategy is set to Webhook'));
  else errors.push(...clientErrors(webhook.clientConfig, field, rules));
  const versions = webhook?.conversionReviewVersions ?? [];
  return [...errors, ...reviewVersionErrors(versions, `${path}.conversionReviewVersions`, rules)];
}

function clientErrors(config: WebhookClientConfig, path: string, { anyBundle }: ConversionRules): FieldError[] {
  const { url, service, caBundle } = config;
  const errors: FieldError[] = [];
  if ((url === undefined) === (service === undefined)) {
    errors.push(required(path, 'exactly one of url or service is required'));
  } else if (url !== undefined) errors.push(...webhookUrlErrors(url, `${path}.url`));
  else if (service !== undefined) errors.push(...webhookServiceErrors(service, `${path}.service`));
  if (caBundle && !anyBundle && !isBundle(caBundle)) {
    errors.push(
      invalid(`${path}.caBundle`, caBundle, 'unable to load root certificates: unable to parse bytes as PEM block'),
    );
  }
  return errors;
}

/** Whether a bundle holds a certificate. @param text PEM, in base64. */
export function isBundle(text: string): boolean {
  const pem = Buffer.from(text, 'base64').toString('latin1');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    // What it says of the bundle is nobody's concern: it is none.
    return false;
  }
  return blocks.length > 0;
}

function reviewVersionErrors(
  versions: readonly string[],
  path: string,
  { knownVersion }: ConversionRules,
): FieldError[] {
  if (versions.length === 0) return [required(path)];
  const errors = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalid(`${path}[${index}]`, version, 'duplicate version')]
      : dns1035LabelProblems(version).map((problem) => invalid(`${path}[${index}]`, version, problem)),
  );
  if (knownVersion && !hasKnownReviewVersion(versions)) {
    errors.push(invalid(path, versions, `must include at least one of ${KNOWN_REVIEW_VERSIONS}`));
  }
  return errors;
}
