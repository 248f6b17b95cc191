import { X509Certificate } from 'node:crypto';
import type {
  DefinitionConversion,
  WebhookClientConfig,
} from '../../../../../shared/kubernetes/custom-resource-definitions';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../validation/field-error';
import { reviewVersionErrors, webhookClientErrors } from '../../validation/webhook-client';

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
  const at = `${path}.conversionReviewVersions`;
  return [
    ...errors,
    ...(versions.length === 0 ? [required(at)] : reviewVersionErrors(versions, at, rules.knownVersion)),
  ];
}

function clientErrors(config: WebhookClientConfig, path: string, { anyBundle }: ConversionRules): FieldError[] {
  const { caBundle } = config;
  const errors = webhookClientErrors(config, path);
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
