import { messageOf } from '../../../../shared/error-message';
import type { UserInfo } from '../../client';
import type { AuthenticationNotes } from './authenticator';
import { ISSUER } from './users';

/** Whose a token is, and for which of the audiences asked for it is good. */
export interface TokenAnswer {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

/** One kind of bearer tokens. */
export interface TokenAuthenticator {
  /** As {@link AuthenticationNotes.identifiedBy} tells it. */
  readonly method: string;
  /**
   * @param audiences whom the token must be for; one of them is enough.
   * @returns `undefined` for a token of another kind.
   * @throws Error that says what is wrong with a token of this kind.
   */
  authenticate(
    token: string,
    audiences: readonly string[],
    notes: AuthenticationNotes,
  ): Promise<TokenAnswer | undefined>;
}

/** The API server itself, whom a token is for when nobody says otherwise. */
export const API_AUDIENCES: readonly string[] = [ISSUER];

/** For who is not interested. */
export const noNotes: AuthenticationNotes = { identifiedBy: () => {}, warn: () => {}, annotate: () => {} };

/** Asks one kind after another (apiserver/pkg/authentication/token/union). */
export class TokenChain {
  readonly #authenticators: readonly TokenAuthenticator[];

  constructor(authenticators: readonly TokenAuthenticator[]) {
    this.#authenticators = authenticators;
  }

  /** @throws Error with upstream's text when no kind takes the token. */
  async authenticate(
    token: string,
    audiences: readonly string[] = API_AUDIENCES,
    notes: AuthenticationNotes = noNotes,
  ): Promise<TokenAnswer> {
    const faults: string[] = [];
    for (const authenticator of this.#authenticators) {
      try {
        const answer = await authenticator.authenticate(token, audiences, notes);
        if (answer === undefined) continue;
        notes.identifiedBy(authenticator.method);
        return answer;
      } catch (error) {
        faults.push(messageOf(error));
      }
    }
    const invalid = 'invalid bearer token';
    throw new Error(faults.length === 0 ? invalid : `[${[invalid, ...new Set(faults)].join(', ')}]`);
  }
}

/** For tokens that know no audience: they are for the API server (apiserver/pkg/authentication/authenticator/audagnostic.go). */
export function forApiServer(user: UserInfo, audiences: readonly string[]): TokenAnswer | undefined {
  const common = audiences.filter((audience) => API_AUDIENCES.includes(audience));
  return common.length === 0 ? undefined : { user, audiences: common };
}
