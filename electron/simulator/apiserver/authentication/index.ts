import type { UserInfo } from '../../client';
import type { AuthenticationNotes, Authenticator } from './authenticator';
import { certificateUser } from './client-certificate';
import { API_AUDIENCES, noNotes, type TokenChain } from './token-authenticator';
import { unauthorized } from './unauthorized';

export { identityReviews } from './reviews';
export { ServiceAccountTokens } from './service-account-tokens';
export { createTokenIssuer } from './token-issuer';
export { apiserver, groupsOfUserName } from './users';

/** Client certificates first, then bearer tokens. A certificate that does not hold does no harm beside a token that does. */
export function createAuthenticator(tokens: TokenChain): Authenticator {
  return {
    async authenticate(socket, authorization, notes = noNotes) {
      let isCertificateBad = false;
      try {
        const user = certificateUser(socket);
        if (user !== undefined) {
          notes.identifiedBy('client certificate');
          return user;
        }
      } catch {
        // The client is not told why, as upstream does not; the next stages are not to know either.
        isCertificateBad = true;
      }
      const token = bearerToken(authorization, notes);
      if (token !== undefined) return byToken(tokens, token, notes);
      if (isCertificateBad) throw unauthorized();
      return undefined;
    },
  };
}

async function byToken(tokens: TokenChain, token: string, notes: AuthenticationNotes): Promise<UserInfo> {
  try {
    return (await tokens.authenticate(token, API_AUDIENCES, notes)).user;
  } catch {
    // What is wrong with a token is told to a TokenReview only.
    throw unauthorized();
  }
}

/** What follows `Bearer`; other schemes identify nobody (apiserver/pkg/authentication/request/bearertoken). */
function bearerToken(authorization: string | undefined, notes: AuthenticationNotes): string | undefined {
  const [scheme, token] = (authorization ?? '').trim().split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return undefined;
  if (token !== '') return token;
  notes.warn('the provided Authorization header contains extra space before the bearer token, and is ignored');
  return undefined;
}
