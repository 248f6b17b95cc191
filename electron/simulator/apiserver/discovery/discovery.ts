import { createHash } from 'node:crypto';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import { CONTROL_PLANE_ADDRESS } from '../../network/control-plane-address';
import { groupPriority, priorityOf } from '../api-services/priorities';
import { compareVersions } from '../custom-resources/versions';
import { mediaTypes } from '../http/accept';
import type { ResourceDefinition } from '../registry/definition';
import type { VirtualResource } from '../registry/virtual-resource';
import { groupBy } from './group-by';
import { healthPaths } from './health';
import { aggregatedGroup, type ServedResource, servedResources, servedVirtual, shortForm } from './served-resource';

/** Where everybody reaches the server: within the cluster, as the Service of it does. */
const SERVER_ADDRESS = [{ clientCIDR: '0.0.0.0/0', serverAddress: `${CONTROL_PLANE_ADDRESS}:6443` }];

export interface DiscoveryDocument {
  readonly json: string;
  readonly type?: string;
  readonly etag?: string;
}

/** What clients learn of what is served, group by group and all at once. */
export class Discovery {
  readonly #documents = new Map<string, DiscoveryDocument>();
  readonly #aggregated = new Map<string, DiscoveryDocument>();

  constructor(definitions: readonly ResourceDefinition[], virtualResources: readonly VirtualResource[]) {
    const served = inOrder([...definitions.flatMap(servedResources), ...virtualResources.map(servedVirtual)]);
    const groups = groupBy(served, ({ group }) => group);
    const names = [...groups.keys()].sort((a, b) => groupPriority(b) - groupPriority(a) || (a < b ? -1 : 1));
    const named = names.filter((name) => name !== '');

    this.#add('/api', { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: SERVER_ADDRESS });
    this.#add('/apis', {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: named.map((name) => apiGroup(name, groups.get(name) ?? [])),
    });
    for (const name of named) {
      this.#add(`/apis/${name}`, { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(name, groups.get(name) ?? []) });
    }
    for (const name of names) {
      for (const [version, resources] of groupBy(groups.get(name) ?? [], (resource) => resource.version)) {
        const groupVersion = name === '' ? version : `${name}/${version}`;
        this.#add(name === '' ? `/api/${version}` : `/apis/${groupVersion}`, {
          kind: 'APIResourceList',
          ...(name === '' ? {} : { apiVersion: 'v1' }),
          groupVersion,
          resources: resources.map(shortForm),
        });
      }
    }
    for (const [path, members] of [
      ['/api', ['']],
      ['/apis', named],
    ] as const) {
      const items = members.map((name) => aggregatedGroup(name, groups.get(name) ?? []));
      const apiVersion = 'apidiscovery.k8s.io/v2';
      const json = JSON.stringify({ kind: 'APIGroupDiscoveryList', apiVersion, metadata: {}, items });
      const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
      const etag = `"${createHash('sha512').update(json).digest('hex').toUpperCase()}"`;
      this.#aggregated.set(path, { json, type, etag });
    }
  }

  /** Every path that is served, for `/`. */
  get paths(): string[] {
    return [
      ...this.#documents.keys(),
      ...healthPaths,
      '/.well-known/openid-configuration',
      '/metrics',
      '/openapi/v2',
      '/openapi/v3',
      '/openid/v1/jwks',
      '/version',
    ].sort();
  }

  /** Whether a path is below one of the groups that are served. */
  covers(path: string): boolean {
    const [, root, group = ''] = path.split('/');
    return root === 'api' || (root === 'apis' && this.#documents.has(`/apis/${group}`));
  }

  find(path: string, accept: string | undefined): DiscoveryDocument | undefined {
    const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    for (const { type, parameters } of mediaTypes(accept ?? '')) {
      // What is asked for as it is, is preferred to what comes later.
      if (!parameters.has('as')) break;
      const asked = ['g', 'v', 'as'].map((name) => parameters.get(name)).join(' ');
      if (type !== 'application/json' || asked !== 'apidiscovery.k8s.io v2 APIGroupDiscoveryList') continue;
      const aggregated = this.#aggregated.get(bare);
      if (aggregated !== undefined) return aggregated;
    }
    return this.#documents.get(bare);
  }

  #add(path: string, document: object): void {
    this.#documents.set(path, { json: JSON.stringify(document) });
  }
}

/** The preferred versions first: those of the server's own by what they are worth, and within them by name. */
function inOrder(served: readonly ServedResource[]): ServedResource[] {
  const [custom, own] = [served.filter(({ isCustom }) => isCustom), served.filter(({ isCustom }) => !isCustom)];
  custom.sort((a, b) => compareVersions(a.version, b.version));
  const worth = ({ group, version }: ServedResource) => priorityOf(apiVersionOf({ group, version })).version;
  return [...own.sort((a, b) => worth(b) - worth(a) || (a.name < b.name ? -1 : 1)), ...custom];
}

function apiGroup(name: string, resources: readonly ServedResource[]) {
  const versions = [...new Set(resources.map(({ version }) => version))].map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}
