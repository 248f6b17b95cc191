import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KubeObject, ServiceAccount } from '../../../../shared/kubernetes/objects';
import { nodes, pods, type Resource, secrets, serviceAccounts } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient, UserInfo } from '../../client';
import type { Clock } from '../../clock';
import type { Random } from '../../random';
import { type Claims, signToken, verifiedClaims } from './json-web-token';
import { groupsOfUserName, serviceAccountUserName } from './users';

/** Whose tokens these are, and who they are for when nobody says otherwise. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** What upstream puts under the claim `kubernetes.io` (pkg/serviceaccount/claims.go). */
interface KubernetesClaims extends Claims {
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly serviceaccount: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
    readonly node?: Reference;
  };
}

/** What a token lives and dies with, besides its ServiceAccount. */
export type Binding = { readonly kind: 'Pod' | 'Secret' | 'Node' } & Reference;

const bindable: Readonly<Record<Binding['kind'], { claim: 'pod' | 'secret' | 'node'; resource: Resource }>> = {
  Pod: { claim: 'pod', resource: pods },
  Secret: { claim: 'secret', resource: secrets },
  Node: { claim: 'node', resource: nodes },
};

/** Issues ServiceAccounts' tokens and finds out whose they are. */
export class ServiceAccountTokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #clock: Clock;
  readonly #random: Random;

  /** @param key PEM, a private key on the curve P-256. */
  constructor(key: string, clock: Clock, random: Random) {
    this.#privateKey = createPrivateKey(key);
    this.#publicKey = createPublicKey(this.#privateKey);
    this.#clock = clock;
    this.#random = random;
  }

  /** Cluster time in milliseconds since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * @param lifetime seconds.
   * @param node where the bound pod runs, when it does.
   */
  issue(
    account: ServiceAccount,
    audiences: readonly string[],
    lifetime: number,
    bound?: Binding,
    node?: Reference,
  ): string {
    const namespace = account.metadata.namespace ?? '';
    const now = Math.floor(this.#clock.now() / 1000);
    const claims: KubernetesClaims = {
      aud: audiences,
      exp: now + lifetime,
      iat: now,
      iss: ISSUER,
      jti: this.#random.uuid(),
      'kubernetes.io': {
        namespace,
        ...(node === undefined ? {} : { node }),
        ...(bound === undefined ? {} : { [bindable[bound.kind].claim]: { name: bound.name, uid: bound.uid } }),
        serviceaccount: { name: account.metadata.name ?? '', uid: account.metadata.uid ?? '' },
      },
      nbf: now,
      sub: serviceAccountUserName(namespace, account.metadata.name ?? ''),
    };
    return signToken(claims, this.#privateKey);
  }

  /**
   * The user of a token, and for which of the audiences it is good.
   * @param client reads what the token is bound to, as the API server itself.
   * @returns `undefined` when it is not good (any more) for anything.
   */
  async authenticate(
    token: string,
    audiences: readonly string[],
    client: ApiClient,
  ): Promise<{ user: UserInfo; audiences: string[] } | undefined> {
    const claims = verifiedClaims(token, this.#publicKey) as KubernetesClaims | undefined;
    if (claims === undefined || claims.iss !== ISSUER) return undefined;
    const now = this.#clock.now() / 1000;
    if (now < claims.nbf || now >= claims.exp) return undefined;
    const common = audiences.filter((audience) => claims.aud.includes(audience));
    if (common.length === 0) return undefined;

    const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'];
    if (!(await isThere(client, serviceAccounts, namespace, serviceaccount))) return undefined;
    if (pod !== undefined && !(await isThere(client, pods, namespace, pod))) return undefined;
    if (secret !== undefined && !(await isThere(client, secrets, namespace, secret))) return undefined;
    // A node beside a pod says where the pod runs, no more.
    if (node !== undefined && pod === undefined && !(await isThere(client, nodes, undefined, node))) return undefined;

    const name = serviceAccountUserName(namespace, serviceaccount.name);
    const user: UserInfo = {
      name,
      uid: serviceaccount.uid,
      groups: groupsOfUserName(name),
      extra: {
        'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
        ...referenceExtra('node', node),
        ...referenceExtra('pod', pod),
      },
    };
    return { user, audiences: common };
  }
}

function referenceExtra(kind: string, reference: Reference | undefined): Record<string, readonly string[]> {
  if (reference === undefined) return {};
  return {
    [`authentication.kubernetes.io/${kind}-name`]: [reference.name],
    [`authentication.kubernetes.io/${kind}-uid`]: [reference.uid],
  };
}

/** Whether the very object meant is still there: another of its name is another. */
async function isThere(
  client: ApiClient,
  resource: Resource,
  namespace: string | undefined,
  { name, uid }: Reference,
): Promise<boolean> {
  try {
    const object: KubeObject = await client.get(resource, namespace, name);
    return object.metadata.uid === uid;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
