import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { AuthenticationNotes, Authenticator } from './authenticator';
import { certificateUser } from './client-certificate';
import { API_AUDIENCES, noNotes, type TokenChain } from './token-authenticator';
import { unauthorized } from './unauthorized';
import { type FoundToken, protocolToken } from './web-socket-token';

export { identityReviews } from './reviews';
export { ServiceAccountTokens } from './service-account-tokens';
export { createTokenIssuer } from './token-issuer';
export { apiserver, groupsOfUserName } from './users';

/**
 * Client certificates first, then bearer tokens, then those that come as a WebSocket's subprotocol
 * (pkg/kubeapiserver/authenticator/config.go). What does not hold does no harm beside what does.
 */
export function createAuthenticator(tokens: TokenChain): Authenticator {
  return {
    async authenticate(request, notes = noNotes) {
      let isBad = false;
      try {
        // The server is made with TLS only.
        const user = certificateUser(request.socket as TLSSocket);
        if (user !== undefined) {
          notes.identifiedBy('client certificate');
          return user;
        }
      } catch {
        // The client is not told why, as upstream does not; the next stages are not to know either.
        isBad = true;
      }
      for (const tokenOf of [bearerToken, protocolToken]) {
        try {
          const found = tokenOf(request, notes);
          if (found === undefined) continue;
          const { user } = await tokens.authenticate(found.token, API_AUDIENCES, notes);
          found.accepted?.();
          return user;
        } catch {
          // What is wrong with a token is told to a TokenReview only.
          isBad = true;
        }
      }
      if (isBad) throw unauthorized();
      return undefined;
    },
  };
}

/** What follows `Bearer`; other schemes identify nobody (apiserver/pkg/authentication/request/bearertoken). */
function bearerToken({ headers }: IncomingMessage, notes: AuthenticationNotes): FoundToken | undefined {
  const [scheme, token] = (headers.authorization ?? '').trim().split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return undefined;
  if (token !== '') return { token };
  notes.warn('the provided Authorization header contains extra space before the bearer token, and is ignored');
  return undefined;
}
