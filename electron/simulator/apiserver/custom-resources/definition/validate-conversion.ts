import { X509Certificate } from 'node:crypto';
import type {
  DefinitionConversion,
  WebhookClientConfig,
} from '../../../../../shared/kubernetes/custom-resource-definitions';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../../../../../shared/kubernetes/label-syntax';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../validation/field-error';
import { inRange } from '../../validation/values';

/** The versions of ConversionReview that the server speaks. */
const REVIEW_VERSIONS = ['v1', 'v1beta1'];

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
  } else if (url !== undefined) errors.push(...urlErrors(url, `${path}.url`));
  else if (service !== undefined) {
    if (!service.namespace) errors.push(required(`${path}.service.name`));
    if (!service.name) errors.push(required(`${path}.service.namespace`));
    errors.push(
      ...inRange(service.port ?? 443, 1, 65_535, `${path}.service.port`).map(({ field }) =>
        invalid(field, service.port, 'port is not valid: must be between 1 and 65535, inclusive'),
      ),
      ...servicePathErrors(service.path, `${path}.service.path`),
    );
  }
  if (caBundle && !anyBundle && !isBundle(caBundle)) {
    errors.push(
      invalid(`${path}.caBundle`, caBundle, 'unable to load root certificates: unable to parse bytes as PEM block'),
    );
  }
  return errors;
}

const URL_FORM = '; desired format: https://host[/path]';

function urlErrors(text: string, field: string): FieldError[] {
  const match =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  const [, scheme = '', user, host = '', , query = '', fragment = ''] = match ?? [];
  const errors: FieldError[] = [];
  if (scheme.toLowerCase() !== 'https') {
    errors.push(invalid(field, scheme, `'https' is the only allowed URL scheme${URL_FORM}`));
  }
  if (host === '') errors.push(invalid(field, host, `host must be specified${URL_FORM}`));
  if (user !== undefined) errors.push(invalid(field, user, 'user information is not permitted in the URL'));
  if (fragment !== '') errors.push(invalid(field, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalid(field, query, 'query parameters are not permitted in the URL'));
  return errors;
}

function servicePathErrors(path: string | undefined, field: string): FieldError[] {
  if (path === undefined || path === '' || path === '/') return [];
  if (path === '//') return [invalid(field, path, 'segment[0] may not be empty')];
  const errors = path.startsWith('/') ? [] : [invalid(field, path, "must start with a '/'")];
  const segments = path.slice(1).replace(/\/$/, '').split('/');
  return [
    ...errors,
    ...segments.flatMap((segment, index) =>
      segment === ''
        ? [invalid(field, path, `segment[${index}] may not be empty`)]
        : dns1123SubdomainProblems(segment).map((problem) => invalid(field, path, `segment[${index}]: ${problem}`)),
    ),
  ];
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
  if (knownVersion && !hasKnownVersion(versions)) {
    errors.push(invalid(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(', ')}`));
  }
  return errors;
}

export function hasKnownVersion(versions: readonly string[]): boolean {
  return versions.some((version) => REVIEW_VERSIONS.includes(version));
}
