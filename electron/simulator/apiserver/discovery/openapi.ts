import { createHash } from 'node:crypto';
import { encodeOpenApiV2 } from '../protobuf/openapi-v2';
import type { ResourceDefinition } from '../registry/definition';
import type { VirtualResource } from '../registry/virtual-resource';
import { openApiV2, openApiV3 } from '../schema';
import type { DiscoveryDocument } from './discovery';

const V3 = '/openapi/v3';

/** `/openapi/v2`, `/openapi/v3` and what the latter points to. Made when first asked for, so that starting does not wait. */
export class OpenApiDocuments {
  readonly #definitions: readonly ResourceDefinition[];
  readonly #virtualResources: readonly VirtualResource[];
  #v2Protobuf: Uint8Array | undefined;
  readonly #documents = new Map<string, DiscoveryDocument | undefined>();

  constructor(definitions: readonly ResourceDefinition[], virtualResources: readonly VirtualResource[]) {
    this.#definitions = definitions;
    this.#virtualResources = virtualResources;
  }

  /** `/openapi/v2` in the protobuf form. */
  get v2Protobuf(): Uint8Array {
    this.#v2Protobuf ??= encodeOpenApiV2(openApiV2(this.#definitions, this.#virtualResources));
    return this.#v2Protobuf;
  }

  find(path: string): DiscoveryDocument | undefined {
    if (!path.startsWith('/openapi/')) return undefined;
    if (!this.#documents.has(path)) this.#documents.set(path, this.#make(path));
    return this.#documents.get(path);
  }

  #make(path: string): DiscoveryDocument | undefined {
    if (path === '/openapi/v2') return encoded(openApiV2(this.#definitions, this.#virtualResources));
    if (path === V3) return encoded({ paths: this.#index() });
    const groupVersion = /^\/openapi\/v3\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))$/.exec(path);
    if (groupVersion === null) return undefined;
    const document = openApiV3(groupVersion[1] ?? groupVersion[2] ?? '', this.#definitions, this.#virtualResources);
    return document === undefined ? undefined : encoded(document);
  }

  /** Where each group version's document is, with a hash by which clients know that theirs is still good. */
  #index(): Record<string, { serverRelativeURL: string }> {
    const paths = new Set(
      [...this.#definitions, ...this.#virtualResources].map(({ resource: { group, version } }) =>
        group === '' ? `api/${version}` : `apis/${group}/${version}`,
      ),
    );
    return Object.fromEntries(
      [...paths].sort().flatMap((path) => {
        const document = this.find(`${V3}/${path}`);
        if (document === undefined) return [];
        const hash = document.etag?.replaceAll('"', '') ?? '';
        return [[path, { serverRelativeURL: `${V3}/${path}?hash=${hash}` }]];
      }),
    );
  }
}

function encoded(document: unknown): DiscoveryDocument {
  const json = JSON.stringify(document);
  return { json, etag: `"${createHash('sha512').update(json).digest('hex').toUpperCase()}"` };
}
