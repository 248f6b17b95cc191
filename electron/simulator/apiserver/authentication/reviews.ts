import { messageOf } from '../../../../shared/error-message';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { UserInfo } from '../../client';
import { type Clock, timestamp } from '../../clock';
import type { VirtualResource } from '../registry/virtual-resource';
import { badRequest } from '../status-errors';
import { API_AUDIENCES, type TokenChain } from './token-authenticator';

interface TokenReview extends KubeObject {
  readonly spec?: { readonly token?: string; readonly audiences?: readonly string[] };
}

const GROUP = 'authentication.k8s.io';

const handle = (resource: string, kind: string): Resource => ({
  group: GROUP,
  version: 'v1',
  resource,
  kind,
  namespaced: false,
});

/** What one may ask about who one is: the API group `authentication.k8s.io` (pkg/registry/authentication). */
export function identityReviews(tokens: TokenChain, clock: Clock): readonly VirtualResource[] {
  return [
    {
      resource: handle('selfsubjectreviews', 'SelfSubjectReview'),
      singular: 'selfsubjectreview',
      async create(body, { user }) {
        // What else it says is not looked at, its metadata neither.
        const { apiVersion, kind } = body;
        const metadata = { creationTimestamp: timestamp(clock) };
        return { kind, apiVersion, metadata, status: { userInfo: userInfoOf(user) } } as KubeObject;
      },
    },
    {
      resource: handle('tokenreviews', 'TokenReview'),
      singular: 'tokenreview',
      async create(body: TokenReview) {
        const { token, audiences } = body.spec ?? {};
        if (!token) throw badRequest('token is required for TokenReview in authentication');
        return {
          ...body,
          status: await reviewed(tokens, token, audiences?.length ? audiences : API_AUDIENCES),
        } as KubeObject;
      },
    },
  ];
}

async function reviewed(tokens: TokenChain, token: string, audiences: readonly string[]): Promise<object> {
  try {
    const found = await tokens.authenticate(token, audiences);
    return { authenticated: true, user: userInfoOf(found.user), audiences: found.audiences };
  } catch (error) {
    return { user: {}, error: messageOf(error) };
  }
}

/** As it stands on the wire. */
function userInfoOf({ name, uid, groups, extra }: UserInfo): object {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(extra === undefined ? {} : { extra }),
  };
}
