import type { ServiceAccount } from '../../../../shared/kubernetes/objects';
import type { Resource } from '../../../../shared/kubernetes/resources';
import type { TokenIssuer } from '../registry/virtual-resource';
import { bind } from './binding';
import { evict } from './eviction';
import type { SubresourceAction } from './subresource';

/** What can be POSTed to, by `resource/subresource` of the core group. */
export function subresourceActions(tokenIssuer: TokenIssuer | undefined): ReadonlyMap<string, SubresourceAction> {
  const actions = new Map<string, SubresourceAction>([
    ['pods/binding', bind],
    ['pods/eviction', evict],
  ]);
  if (tokenIssuer !== undefined) {
    actions.set('serviceaccounts/token', (_registry, request, target, body) =>
      // The target was read from the service accounts' own table.
      tokenIssuer.issue(target.object as ServiceAccount, body, request),
    );
  }
  return actions;
}

export function actionKey(resource: Pick<Resource, 'group' | 'resource'>, subresource: string): string {
  return resource.group === '' ? `${resource.resource}/${subresource}` : '';
}
