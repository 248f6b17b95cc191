import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Secret, ServiceAccount } from '../../../../shared/kubernetes/objects';
import type { ApiClient, UserInfo } from '../../client';
import type { Clock } from '../../clock';
import type { Random } from '../../random';
import type { AuthenticationNotes } from './authenticator';
import { type BoundClaims, checkBinding, type Reference } from './bound-token';
import { type Claims, issuerOf, signToken, verifiedClaims, webKey } from './json-web-token';
import { checkLegacy, LEGACY_ISSUER, type LegacyClaims, legacyClaims } from './legacy-token';
import { API_AUDIENCES, type TokenAnswer, type TokenAuthenticator } from './token-authenticator';
import { ISSUER, serviceAccountGroups, serviceAccountUserName, withAuthenticated } from './users';

/** What a token lives and dies with, besides its ServiceAccount. */
export type Binding = { readonly kind: 'Pod' | 'Secret' | 'Node' } & Reference;

/** Seconds that clocks may differ by (go-jose's DefaultLeeway). */
const LEEWAY = 60;

export interface NewToken {
  readonly audiences: readonly string[];
  /** Seconds. */
  readonly lifetime: number;
  /** Seconds after which its use is noted as too late, before it expires. */
  readonly warnAfter?: number;
  readonly bound?: Binding;
  /** Where the bound pod runs, when it does; the uid is empty when there is no such node. */
  readonly node?: Reference;
}

/** Issues ServiceAccounts' tokens and finds out whose they are. */
export class ServiceAccountTokens implements TokenAuthenticator {
  readonly method = 'service account token';
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #client: () => ApiClient;

  /**
   * @param key PEM, a private key on the curve P-256.
   * @param client gives the client that reads what tokens are bound to, as the API server itself.
   */
  constructor(key: string, clock: Clock, random: Random, client: () => ApiClient) {
    this.#privateKey = createPrivateKey(key);
    this.#publicKey = createPublicKey(this.#privateKey);
    this.#clock = clock;
    this.#random = random;
    this.#client = client;
  }

  /** The key by which others may check these tokens, as a JSON Web Key. */
  get webKey(): object {
    return webKey(this.#privateKey);
  }

  /** @returns the token and its id. */
  issue(account: ServiceAccount, options: NewToken): { token: string; id: string } {
    const { audiences, lifetime, warnAfter, bound, node } = options;
    const namespace = account.metadata.namespace ?? '';
    const name = account.metadata.name ?? '';
    const now = Math.floor(this.#clock.now() / 1000);
    const id = this.#random.uuid();
    const claims: BoundClaims = {
      aud: audiences,
      exp: now + lifetime,
      iat: now,
      iss: ISSUER,
      jti: id,
      'kubernetes.io': {
        namespace,
        ...(node === undefined ? {} : { node: reference(node) }),
        ...(bound === undefined ? {} : { [bound.kind.toLowerCase()]: reference(bound) }),
        serviceaccount: { name, uid: account.metadata.uid ?? '' },
        ...(warnAfter === undefined ? {} : { warnafter: now + warnAfter }),
      },
      nbf: now,
      sub: serviceAccountUserName(namespace, name),
    };
    return { token: signToken(claims, this.#privateKey), id };
  }

  /** The token that lives in a Secret, and as long as that. */
  issueLegacy(account: ServiceAccount, secret: Secret): string {
    return signToken(legacyClaims(account, secret), this.#privateKey);
  }

  async authenticate(
    token: string,
    audiences: readonly string[],
    notes: AuthenticationNotes,
  ): Promise<TokenAnswer | undefined> {
    const issuer = issuerOf(token);
    if (issuer !== ISSUER && issuer !== LEGACY_ISSUER) return undefined;
    const claims = verifiedClaims(token, this.#privateKey, this.#publicKey);
    // Tokens from Secrets say nothing of audiences: they are the API server's.
    const own = claims.aud ?? API_AUDIENCES;
    const common = audiences.filter((audience) => own.includes(audience));
    if (common.length === 0) {
      throw new Error(`token audiences ${list(own)} is invalid for the target audiences ${list(audiences)}`);
    }
    // Which claims there are follows from who has issued the token, and that has been checked.
    const user =
      issuer === LEGACY_ISSUER
        ? await this.#legacyUser(token, claims as LegacyClaims, notes)
        : await this.#boundUser(claims as BoundClaims, notes);
    return { user, audiences: common };
  }

  async #legacyUser(token: string, claims: LegacyClaims, notes: AuthenticationNotes): Promise<UserInfo> {
    notes.annotate('authentication.k8s.io/legacy-token', claims.sub);
    const { namespace, name, uid } = await checkLegacy(token, claims, this.#client(), this.#clock, notes);
    return { name: serviceAccountUserName(namespace, name), uid, groups: groupsIn(namespace) };
  }

  async #boundUser(claims: BoundClaims, notes: AuthenticationNotes): Promise<UserInfo> {
    const now = this.#clock.now() / 1000;
    checkTimes(claims, now);
    await checkBinding(claims, now - LEEWAY, this.#client());
    const { namespace, serviceaccount, pod, node, warnafter } = claims['kubernetes.io'];
    if (warnafter !== undefined && now > warnafter) {
      const late = Math.floor(now - warnafter);
      const text = `subject: ${claims.sub}, seconds after warning threshold: ${late}`;
      notes.annotate('authentication.k8s.io/stale-token', text);
    }
    return {
      name: serviceAccountUserName(namespace, serviceaccount.name),
      uid: serviceaccount.uid,
      groups: groupsIn(namespace),
      extra: {
        ...(claims.jti === undefined ? {} : { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] }),
        ...referenceExtra('node', node),
        ...referenceExtra('pod', pod),
      },
    };
  }
}

function reference({ name, uid }: Reference): Reference {
  return uid === undefined || uid === '' ? { name } : { name, uid };
}

function checkTimes({ exp, nbf, iat }: Claims, now: number): void {
  if (nbf !== undefined && now + LEEWAY < nbf) throw new Error('service account token is not valid yet');
  if (exp !== undefined && now - LEEWAY > exp) throw new Error('service account token has expired');
  if (iat !== undefined && now + LEEWAY < iat) throw new Error('service account token is issued in the future');
}

function groupsIn(namespace: string): readonly string[] {
  return withAuthenticated(serviceAccountGroups(namespace));
}

/** As Go prints a list of texts. */
function list(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;
}

function referenceExtra(kind: string, { name, uid }: Partial<Reference> = {}): Record<string, readonly string[]> {
  return {
    ...(name ? { [`authentication.kubernetes.io/${kind}-name`]: [name] } : {}),
    ...(uid ? { [`authentication.kubernetes.io/${kind}-uid`]: [uid] } : {}),
  };
}
