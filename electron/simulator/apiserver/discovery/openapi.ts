import { createHash } from 'node:crypto';
import { openApiV2 } from '../openapi/v2';
import { type Members, OpenApiV3 } from '../openapi/v3';
import { encodeOpenApiV2 } from '../protobuf/openapi-v2';
import type { ResourceDefinition } from '../registry/definition';
import type { VirtualResource } from '../registry/virtual-resource';
import type { DiscoveryDocument } from './discovery';

const V3 = '/openapi/v3';

/** `/openapi/v2`, `/openapi/v3` and what the latter points to. Made when first asked for, so that starting does not wait. */
export class OpenApiDocuments {
  readonly #definitions: readonly ResourceDefinition[];
  readonly #virtualResources: readonly VirtualResource[];
  readonly #v3: OpenApiV3;
  #v2Protobuf: Uint8Array | undefined;
  readonly #documents = new Map<string, DiscoveryDocument | undefined>();

  /** @param previous those of what was served before: what has not changed is not made again. */
  constructor(
    definitions: readonly ResourceDefinition[],
    virtualResources: readonly VirtualResource[],
    previous?: OpenApiDocuments,
  ) {
    this.#definitions = definitions;
    this.#virtualResources = virtualResources;
    this.#v3 = new OpenApiV3(definitions, virtualResources);
    if (previous !== undefined) this.#keep(previous);
  }

  #keep(previous: OpenApiDocuments): void {
    for (const name of this.#v3.names) {
      const path = `${V3}/${name}`;
      const document = previous.#documents.get(path);
      if (document === undefined || !isSame(previous.#v3.membersOf(name), this.#v3.membersOf(name))) continue;
      this.#documents.set(path, document);
    }
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
    const document = this.#v3.document(path.slice(V3.length + 1));
    return document === undefined ? undefined : encoded(document);
  }

  /** Where each document of v3 is, with a hash by which clients know that theirs is still good. */
  #index(): Record<string, { serverRelativeURL: string }> {
    return Object.fromEntries(
      this.#v3.names.map((name) => {
        const hash = this.find(`${V3}/${name}`)?.etag?.replaceAll('"', '') ?? '';
        return [name, { serverRelativeURL: `${V3}/${name}?hash=${hash}` }];
      }),
    );
  }
}

function isSame(before: Members, now: Members): boolean {
  const [others, members] = [before, now].map(({ served, virtual }) => [...served, ...virtual]);
  return others?.length === members?.length && members?.every((each, at) => each === others?.[at]) === true;
}

function encoded(document: unknown): DiscoveryDocument {
  const json = JSON.stringify(document);
  return { json, etag: `"${createHash('sha512').update(json).digest('hex').toUpperCase()}"` };
}
