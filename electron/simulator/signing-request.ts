import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from '@peculiar/x509';

/** A request for a certificate (PKCS #10), with what is looked at before one is signed. */
export interface SigningRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
  /** Whether whoever made it holds the key. */
  readonly isSigned: boolean;
  readonly keyType: string | undefined;
  /** For the signer. */
  readonly parsed: Pkcs10CertificateRequest;
}

const PEM = /-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/;

/**
 * @param request PEM in base64, as it stands in a CertificateSigningRequest.
 * @throws Error that says what is wrong with it; for the envelope in upstream's words.
 */
export function parseSigningRequest(request: string): SigningRequest {
  const [, type, content = ''] = PEM.exec(Buffer.from(request, 'base64').toString('latin1')) ?? [];
  if (type !== 'CERTIFICATE REQUEST') throw new Error('PEM block type must be CERTIFICATE REQUEST');
  const der = Buffer.from(content, 'base64');
  const raw = AsnConvert.parse(der, CertificationRequest);
  const parsed = new Pkcs10CertificateRequest(der);
  const key = createPublicKey({ key: Buffer.from(parsed.publicKey.rawData), format: 'der', type: 'spki' });
  const names = parsed.extensions.flatMap((extension) =>
    extension instanceof SubjectAlternativeNameExtension ? extension.names.items : [],
  );
  const ofType = (wanted: string) => names.filter((name) => name.type === wanted).map(({ value }) => value);
  return {
    commonName: parsed.subjectName.getField('CN').at(-1) ?? '',
    organizations: parsed.subjectName.getField('O'),
    dnsNames: ofType('dns'),
    addresses: ofType('ip'),
    emails: ofType('email'),
    uris: ofType('url'),
    isSigned: isSignedBy(key, raw, parsed),
    keyType: key.asymmetricKeyType,
    parsed,
  };
}

function isSignedBy(key: KeyObject, raw: CertificationRequest, parsed: Pkcs10CertificateRequest): boolean {
  const content = raw.certificationRequestInfoRaw;
  if (content === undefined) return false;
  // Keys on Edwards curves sign without a digest of their own.
  const digest = 'hash' in parsed.signatureAlgorithm ? parsed.signatureAlgorithm.hash.name.replace('-', '') : undefined;
  return verify(digest, Buffer.from(content), key, Buffer.from(raw.signature));
}
