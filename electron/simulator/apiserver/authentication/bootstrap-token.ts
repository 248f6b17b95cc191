import { timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../../../shared/kubernetes/objects';
import { secrets } from '../../../../shared/kubernetes/resources';
import { isNotFound } from '../../../../shared/kubernetes/status-error';
import type { ApiClient } from '../../client';
import type { Clock } from '../../clock';
import { forApiServer, type TokenAuthenticator } from './token-authenticator';
import { withAuthenticated } from './users';

const NAMESPACE = 'kube-system';
const TYPE = 'bootstrap.kubernetes.io/token';
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/**
 * Tokens that nodes join a cluster with: Secrets of a type of their own (plugin/pkg/auth/authenticator/token/bootstrap).
 * @param client gives the client that reads as the API server itself.
 */
export function bootstrapTokens(client: () => ApiClient, clock: Clock): TokenAuthenticator {
  return {
    method: 'bootstrap token',
    async authenticate(token, audiences) {
      const [, id, secretPart] = TOKEN.exec(token) ?? [];
      if (id === undefined || secretPart === undefined) return undefined;
      const secret = await find(client(), id);
      if (secret === undefined || secret.metadata.deletionTimestamp !== undefined || secret.type !== TYPE)
        return undefined;
      const value = (key: string) => Buffer.from(secret.data?.[key] ?? '', 'base64').toString();
      if (!sameText(value('token-secret'), secretPart) || value('token-id') !== id) return undefined;
      const expiration = value('expiration');
      if (expiration !== '' && !(Date.parse(expiration) > clock.now())) return undefined;
      if (value('usage-bootstrap-authentication') !== 'true') return undefined;
      const extra = value('auth-extra-groups');
      const groups = extra === '' ? [] : extra.split(',');
      if (!groups.every((group) => GROUP.test(group))) return undefined;
      const all = [...new Set(['system:bootstrappers', ...groups])].sort();
      return forApiServer({ name: `system:bootstrap:${id}`, groups: withAuthenticated(all) }, audiences);
    },
  };
}

async function find(client: ApiClient, id: string): Promise<Secret | undefined> {
  try {
    return await client.get(secrets, NAMESPACE, `bootstrap-token-${id}`);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Takes as long for what is almost right as for what is wrong from the start. */
export function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
