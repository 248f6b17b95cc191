import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A JSON Web Token's payload, as far as all tokens have it. Times are seconds since the epoch. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  readonly jti: string;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decodePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
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

/** @param key a private key on the curve P-256. */
export function signToken(claims: Claims, key: KeyObject): string {
  const content = `${encode({ alg: 'ES256', kid: keyId(key) })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

/**
 * What a token says, when the key has signed it. Times and audience are the caller's to check.
 * @returns `undefined` for what is no token, or not of this key.
 */
export function verifiedClaims(token: string, key: KeyObject): Claims | undefined {
  const parts = token.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature) return undefined;
  const { alg } = (decodePart(header) ?? {}) as { alg?: unknown };
  if (alg !== 'ES256') return undefined;
  const good = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  // Whoever holds the key has written the payload: its shape is ours.
  return good ? (decodePart(payload) as Claims | undefined) : undefined;
}
