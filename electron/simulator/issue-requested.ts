import { createPrivateKey, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { KeyPair } from './certificates';
import { SystemClock } from './clock';
import type { SigningRequest } from './signing-request';

const SECOND = 1000;
/** Upstream's `--cluster-signing-duration`, and the least that is given. */
const LONGEST = 365 * 24 * 3600 * SECOND;
const SHORTEST = 600 * SECOND;
const BACKDATE = 300 * SECOND;
/** What lasts less is not cut short by the backdating. */
const SHORT_LIVED = 8 * 3600 * SECOND;

/** Clients and servers compare certificates with the host's time. */
const clock = new SystemClock();

/** Usages that are bits (pkg/controller/certificates/authority/policies.go). */
const KEY_USAGES: Readonly<Record<string, number>> = {
  signing: KeyUsageFlags.digitalSignature,
  'digital signature': KeyUsageFlags.digitalSignature,
  'content commitment': KeyUsageFlags.nonRepudiation,
  'key encipherment': KeyUsageFlags.keyEncipherment,
  'key agreement': KeyUsageFlags.keyAgreement,
  'data encipherment': KeyUsageFlags.dataEncipherment,
  'cert sign': KeyUsageFlags.keyCertSign,
  'crl sign': KeyUsageFlags.cRLSign,
  'encipher only': KeyUsageFlags.encipherOnly,
  'decipher only': KeyUsageFlags.decipherOnly,
};

/** Usages that are names, in the order in which they are written. */
const EXTENDED_USAGES: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
};

/**
 * Signs a request: its subject, key and alternative names, for the given usages (upstream's `PermissiveSigningPolicy`).
 * @param usages names of a CertificateSigningRequest.
 * @param expirationSeconds how long it is to be valid; absent: a year.
 * @returns PEM.
 * @throws Error when the authority itself has expired.
 */
export async function issueRequested(
  authority: KeyPair,
  request: SigningRequest,
  usages: readonly string[],
  expirationSeconds: number | undefined,
): Promise<string> {
  const issuer = new X509Certificate(authority.certificate);
  const now = clock.now();
  if (now >= issuer.notAfter.getTime()) {
    const text = `refusing to sign a certificate that expired in the past: NotAfter=${issuer.notAfter.toISOString()}`;
    throw new Error(text);
  }
  const lifetime = Math.max(SHORTEST, Math.min((expirationSeconds ?? Number.POSITIVE_INFINITY) * SECOND, LONGEST));
  const end = now + lifetime - (lifetime < SHORT_LIVED ? 0 : BACKDATE);
  const certificate = await X509CertificateGenerator.create({
    subject: request.parsed.subjectName,
    issuer: issuer.subjectName,
    publicKey: request.parsed.publicKey,
    signingKey: await signingKey(authority),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    notBefore: new Date(now - BACKDATE),
    notAfter: new Date(Math.min(end, issuer.notAfter.getTime())),
    extensions: extensionsOf(issuer, request, usages),
  });
  return `${certificate.toString('pem')}\n`;
}

/** The authority's key is always one on P-256, as `clusterCertificates` makes it. */
function signingKey({ key }: KeyPair) {
  const der = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
}

function extensionsOf(issuer: X509Certificate, request: SigningRequest, usages: readonly string[]): Extension[] {
  const bits = usages.reduce((all, usage) => all | (KEY_USAGES[usage] ?? 0), 0);
  const extended = Object.entries(EXTENDED_USAGES).flatMap(([usage, id]) => (usages.includes(usage) ? [id] : []));
  const names = request.parsed.extensions.find((each) => each instanceof SubjectAlternativeNameExtension);
  const issuerKey = issuer.getExtension(SubjectKeyIdentifierExtension);
  return [
    ...(bits === 0 ? [] : [new KeyUsagesExtension(bits, true)]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension([...new Set(extended)])]),
    new BasicConstraintsExtension(false, undefined, true),
    ...(issuerKey === null ? [] : [new AuthorityKeyIdentifierExtension(issuerKey.keyId)]),
    // Critical when nothing else says whose it is.
    ...(names === undefined
      ? []
      : [new SubjectAlternativeNameExtension(names.names.toJSON(), request.parsed.subject === '')]),
  ];
}
