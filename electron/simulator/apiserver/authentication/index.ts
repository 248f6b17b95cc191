import type { ApiClient } from '../../client';
import type { Authenticator } from './authenticator';
import { certificateUser } from './client-certificate';
import { ISSUER, type ServiceAccountTokens } from './service-account-tokens';
import { unauthorized } from './unauthorized';

export { identityReviews } from './reviews';
export { ServiceAccountTokens } from './service-account-tokens';
export { createTokenIssuer } from './token-issuer';
export { apiserver, groupsOfUserName } from './users';

/**
 * Client certificates first, then bearer tokens of ServiceAccounts.
 * @param client gives the client that reads as the API server itself; called with the first token.
 */
export function createAuthenticator(tokens: ServiceAccountTokens, client: () => ApiClient): Authenticator {
  return {
    async authenticate(socket, authorization) {
      const byCertificate = certificateUser(socket);
      if (byCertificate !== undefined) return byCertificate;
      const token = bearerToken(authorization);
      if (token === undefined) return undefined;
      const found = await tokens.authenticate(token, [ISSUER], client());
      if (found === undefined) throw unauthorized();
      return found.user;
    },
  };
}

/** What follows `Bearer`; other schemes identify nobody, as upstream. */
function bearerToken(authorization: string | undefined): string | undefined {
  const [scheme, token] = (authorization ?? '').trim().split(/ +/);
  return scheme?.toLowerCase() === 'bearer' && token ? token : undefined;
}
