import { ISSUER } from '../authentication/users';

/** Seconds that relying parties may keep the answers. */
export const OPENID_MAX_AGE = 3600;

/** A document of OpenID discovery, by which others than the API server check ServiceAccounts' tokens. */
export interface OpenIdDocument {
  readonly type: string;
  readonly json: string;
}

/**
 * `/.well-known/openid-configuration` and `/openid/v1/jwks` (pkg/serviceaccount/openidmetadata.go).
 * @param host the address and port that the server is reached at.
 * @param keys the public keys, as JSON Web Keys.
 */
export function openIdDocument(path: string, host: string, keys: () => readonly object[]): OpenIdDocument | undefined {
  switch (path.endsWith('/') ? path.slice(0, -1) : path) {
    case '/.well-known/openid-configuration':
      return {
        type: 'application/json',
        json: JSON.stringify({
          issuer: ISSUER,
          jwks_uri: `https://${host}/openid/v1/jwks`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256'],
        }),
      };
    case '/openid/v1/jwks':
      return { type: 'application/jwk-set+json', json: JSON.stringify({ keys: keys() }) };
    default:
      return undefined;
  }
}
