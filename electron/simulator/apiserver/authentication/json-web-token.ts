import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A JSON Web Token's payload, as far as all tokens of ours have it. Times are seconds since the epoch. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud?: readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decodePart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // Not our business to tell the caller what a token is: it is none.
    return undefined;
  }
}

/** To name a key takes several times as long as to sign with it, and every pod gets a token. */
const keyIds = new WeakMap<KeyObject, string>();

/** Names a key by its content, as upstream's `keyIDFromPublicKey`. */
function keyId(key: KeyObject): string {
  const known = keyIds.get(key);
  if (known !== undefined) return known;
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const id = createHash('sha256').update(der).digest('base64url');
  keyIds.set(key, id);
  return id;
}

/** The public half of a key as a JSON Web Key, with what a verifier needs to choose it. */
export function webKey(key: KeyObject): object {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return { use: 'sig', kty, kid: keyId(key), crv, alg: 'ES256', x, y };
}

/** @param key a private key on the curve P-256. */
export function signToken(claims: Claims, key: KeyObject): string {
  const content = `${encode({ alg: 'ES256', kid: keyId(key) })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

/** Who a token says that it is from; `undefined` for what is no token. Nothing of it is checked yet. */
export function issuerOf(token: string): string | undefined {
  const parts = token.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || signature === undefined) return undefined;
  if (decodePart(header) === undefined) return undefined;
  const issuer = decodePart(payload)?.iss;
  return typeof issuer === 'string' ? issuer : undefined;
}

/**
 * What a token says, when the key has signed it. Times and audience are the caller's to check.
 * @throws Error in the words of upstream's library.
 */
export function verifiedClaims(token: string, key: KeyObject, publicKey: KeyObject): Claims {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg, kid } = decodePart(header) ?? {};
  if (typeof kid === 'string' && kid !== '' && kid !== keyId(key)) throw new Error('invalid signature, no keys found');
  const content = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  if (alg !== 'ES256' || !verify('sha256', content, { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes)) {
    throw new Error('go-jose/go-jose: error in cryptographic primitive');
  }
  // Whoever holds the key has written the payload: its shape is ours.
  return decodePart(payload) as unknown as Claims;
}
