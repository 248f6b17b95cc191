import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { ApiClient, UserInfo } from '../../client';
import type { VirtualResource } from '../registry/virtual-resource';
import { badRequest } from '../status-errors';
import { ISSUER, type ServiceAccountTokens } from './service-account-tokens';

interface TokenReview extends KubeObject {
  readonly spec?: { readonly token?: string; readonly audiences?: readonly string[] };
}

const handle = (resource: string, kind: string): Resource => ({
  group: 'authentication.k8s.io',
  version: 'v1',
  resource,
  kind,
  namespaced: false,
});

/**
 * What one may ask about who one is: the API group `authentication.k8s.io` (pkg/registry/authentication).
 * @param client gives the client that reads as the API server itself.
 */
export function identityReviews(tokens: ServiceAccountTokens, client: () => ApiClient): readonly VirtualResource[] {
  return [
    {
      resource: handle('selfsubjectreviews', 'SelfSubjectReview'),
      singular: 'selfsubjectreview',
      async create(body, request) {
        return { ...body, status: { userInfo: userInfoOf(request.user) } } as KubeObject;
      },
    },
    {
      resource: handle('tokenreviews', 'TokenReview'),
      singular: 'tokenreview',
      async create(body: TokenReview) {
        const { token, audiences } = body.spec ?? {};
        if (!token) throw badRequest('token is required for TokenReview in authentication');
        const found = await tokens.authenticate(token, audiences?.length ? audiences : [ISSUER], client());
        const status =
          found === undefined
            ? { user: {}, error: 'invalid bearer token' }
            : { authenticated: true, user: userInfoOf(found.user), audiences: found.audiences };
        return { ...body, status } as KubeObject;
      },
    },
  ];
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
