import { X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../../../shared/error-message';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../shared/kubernetes/label-syntax';
import type { CertificateSigningRequest } from '../../../../shared/kubernetes/objects';
import { parseSigningRequest } from '../../signing-request';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from './field-error';

// pkg/apis/certificates/validation.

const LEGACY_SIGNER = 'kubernetes.io/legacy-unknown';
const SHORTEST_SECONDS = 600;
/** A domain, a slash, and room for a subdomain and a label. */
const LONGEST_SIGNER = 571;

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

/** What Go says of a signature that is another's, by the type of key. */
const SIGNATURE_FAULTS: Readonly<Record<string, string>> = {
  ec: 'x509: ECDSA verification failure',
  ed25519: 'x509: Ed25519 verification failure',
  rsa: 'crypto/rsa: verification error',
};

/** Conditions that are either True or not there, and that stay. */
const DECISIONS = ['Approved', 'Denied', 'Failed'];
const CONDITIONS = 'status.conditions';

type Condition = NonNullable<NonNullable<CertificateSigningRequest['status']>['conditions']>[number];

export function validateSigningRequest({ spec, status }: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = [];
  const problem = requestProblem(spec.request ?? '');
  // Bytes that were not given are null to upstream.
  if (problem !== undefined) errors.push(invalid('spec.request', spec.request || undefined, problem));
  const usages = spec.usages ?? [];
  if (usages.length === 0) errors.push(required('spec.usages'));
  for (const [index, usage] of usages.entries()) {
    if (!USAGES.includes(usage)) errors.push(notSupported(`spec.usages[${index}]`, usage, USAGES));
  }
  for (const [index, usage] of usages.entries()) {
    if (usages.indexOf(usage) < index) errors.push(duplicate(`spec.usages[${index}]`, usage));
  }
  errors.push(...validateSignerName(spec.signerName ?? ''));
  const seconds = spec.expirationSeconds;
  if (typeof seconds === 'number' && seconds < SHORTEST_SECONDS) {
    const text = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.push(invalid('spec.expirationSeconds', seconds, text));
  }
  errors.push(...validateConditions(status?.conditions ?? []));
  const fault = certificateProblem(status?.certificate ?? '');
  if (fault !== undefined) errors.push(invalid('status.certificate', '<certificate data>', fault));
  return errors;
}

function requestProblem(request: string): string | undefined {
  try {
    const { isSigned, keyType } = parseSigningRequest(request);
    return isSigned
      ? undefined
      : (SIGNATURE_FAULTS[keyType ?? ''] ?? 'x509: cannot verify signature: algorithm unimplemented');
  } catch (error) {
    return messageOf(error);
  }
}

/** pkg/apis/core/validation, `ValidateSignerName`. */
function validateSignerName(name: string): FieldError[] {
  const field = 'spec.signerName';
  if (name === LEGACY_SIGNER) {
    return [invalid(field, name, 'the legacy signerName is not allowed via this API version')];
  }
  if (name === '') return [required(field)];
  const [domain = '', path = '', ...more] = name.split('/');
  if (!name.includes('/') || more.length > 0) {
    return [invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  }
  const errors = domain.length > 253 ? [tooLong(field, 253)] : [];
  const labels = domain.split('.');
  errors.push(...firstProblems(labels, dns1123LabelProblems).map((problem) => invalid(field, domain, problem)));
  if (labels.length < 2) {
    errors.push(invalid(field, domain, 'should be a domain with at least two segments separated by dots'));
  }
  const pathProblems = firstProblems(path.split('.'), dns1123SubdomainProblems);
  errors.push(...pathProblems.map((problem) => invalid(field, path, problem)));
  if (name.length > LONGEST_SIGNER) errors.push(tooLong(field, LONGEST_SIGNER));
  return errors;
}

/** What is wrong with the first part that is not right. */
function firstProblems(parts: readonly string[], problemsOf: (part: string) => string[]): string[] {
  for (const part of parts) {
    const problems = problemsOf(part);
    if (problems.length > 0) return problems.map((problem) => `validating label ${JSON.stringify(part)}: ${problem}`);
  }
  return [];
}

function validateConditions(conditions: readonly Condition[]): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { type = '', status = '' }] of conditions.entries()) {
    const at = `${CONDITIONS}[${index}]`;
    if (type === '') errors.push(required(`${at}.type`));
    const allowed = DECISIONS.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (status === '') errors.push(required(`${at}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${at}.status`, status, allowed));
    if ((type === 'Approved' && seen.has('Denied')) || (type === 'Denied' && seen.has('Approved'))) {
      errors.push(invalid(CONDITIONS, type, 'Approved and Denied conditions are mutually exclusive'));
    }
    if (seen.has(type)) errors.push(duplicate(`${at}.type`, type));
    seen.add(type);
  }
  return errors;
}

/** @param certificate PEM in base64. */
function certificateProblem(certificate: string): string | undefined {
  if (certificate === '') return undefined;
  const text = Buffer.from(certificate, 'base64').toString('latin1');
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g)];
  if (blocks.length === 0) return 'must contain at least one CERTIFICATE PEM block';
  for (const [block, type = '', content = ''] of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (content.includes(':')) return 'no PEM block headers are permitted';
    try {
      new X509Certificate(block);
    } catch (error) {
      return messageOf(error);
    }
  }
  return undefined;
}

interface Allowed {
  readonly approval: boolean;
  readonly certificate: boolean;
}

function validateUpdate(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
  allowed: Allowed,
): FieldError[] {
  const errors: FieldError[] = [];
  const ofType = ({ status }: CertificateSigningRequest, type: string) =>
    (status?.conditions ?? []).filter((condition) => condition.type === type);
  for (const type of DECISIONS) {
    if (ofType(next, type).length < ofType(old, type).length) {
      errors.push(forbidden(CONDITIONS, `updates may not remove a condition of type "${type}"`));
    }
  }
  for (const type of allowed.approval ? [] : ['Approved', 'Denied']) {
    const [before, after] = [ofType(old, type), ofType(next, type)];
    if (after.length > before.length) {
      errors.push(forbidden(CONDITIONS, `updates may not add a condition of type "${type}"`));
    } else if (after.length === before.length && !isDeepStrictEqual(before, after)) {
      errors.push(forbidden(CONDITIONS, `updates may not modify a condition of type "${type}"`));
    }
  }
  const [before, after] = [old.status?.certificate ?? '', next.status?.certificate ?? ''];
  if (before !== after) {
    if (!allowed.certificate) errors.push(forbidden('status.certificate', 'updates may not set certificate content'));
    else if (before !== '') {
      errors.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
    }
  }
  return errors;
}

/** What may not change by any way but the subresources. The object itself has been validated. */
export function validateSigningRequestUpdate(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  return validateUpdate(next, old, { approval: false, certificate: false });
}

/** For `/status`: signers set the certificate. */
export function validateCertificateStatusUpdate(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  return [...validateSigningRequest(next), ...validateUpdate(next, old, { approval: false, certificate: true })];
}

/** For `/approval`. */
export function validateApprovalUpdate(next: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  return [...validateSigningRequest(next), ...validateUpdate(next, old, { approval: true, certificate: false })];
}
