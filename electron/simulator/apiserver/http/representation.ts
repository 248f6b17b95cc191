import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import type { ResourceDefinition, TableColumn } from '../registry/definition';
import type { ListResult } from '../registry/read';
import { Stored } from '../storage/stored';
import type { Accepted } from './accept';

/** Which part of each object a Table's rows carry. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Writes objects of one kind in the shape that a client asked for. */
export class Representation {
  readonly #definition: ResourceDefinition;
  readonly #as: Accepted['as'];
  readonly #include: IncludeObject;
  readonly #now: () => number;

  /** @param now cluster time, for ages in Tables. */
  constructor(definition: ResourceDefinition, accept: Accepted, include: string | null, now: () => number) {
    this.#definition = definition;
    this.#as = accept.as;
    this.#include = include === 'None' || include === 'Object' ? include : 'Metadata';
    this.#now = now;
  }

  /** Whether objects are written as they are, so that their one encoding serves. */
  get isPlain(): boolean {
    return this.#as === 'Object';
  }

  one(body: Stored | KubeObject): string {
    const object = body instanceof Stored && this.#as === 'PartialObjectMetadata' ? body.whole : objectOf(body);
    switch (this.#as) {
      case 'Object':
        return body instanceof Stored ? body.json : JSON.stringify(body);
      case 'Table':
        return this.#table([object], { resourceVersion: object.metadata.resourceVersion }, true);
      default:
        return JSON.stringify(partial(object));
    }
  }

  list(result: ListResult): string {
    const metadata = {
      resourceVersion: String(result.revision),
      ...(result.continueToken === undefined ? {} : { continue: result.continueToken }),
      ...(result.remaining === undefined ? {} : { remainingItemCount: result.remaining }),
    };
    switch (this.#as) {
      case 'Object': {
        const { resource } = this.#definition;
        const head = JSON.stringify({ kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata });
        return `${head.slice(0, -1)},"items":[${result.items.map((stored) => stored.json).join(',')}]}`;
      }
      case 'Table':
        return this.#table(
          result.items.map((stored) => stored.object),
          metadata,
          true,
        );
      default:
        return JSON.stringify({
          kind: 'PartialObjectMetadataList',
          apiVersion: 'meta.k8s.io/v1',
          metadata,
          items: result.items.map((stored) => partial(stored.whole)),
        });
    }
  }

  /** One object of a watch. @param first whether a Table still has to say what its columns are. */
  event(stored: Stored, first: boolean): string {
    const { object } = stored;
    if (this.#as === 'Table') return this.#table([object], { resourceVersion: object.metadata.resourceVersion }, first);
    return this.#as === 'Object' ? stored.json : JSON.stringify(partial(stored.whole));
  }

  #table(objects: readonly KubeObject[], metadata: object, withColumns: boolean): string {
    const { printer } = this.#definition;
    const now = this.#now();
    return JSON.stringify({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      columnDefinitions: withColumns ? printer.columns.map(columnDefinition) : [],
      rows: objects.map((object) => ({
        cells: printer.cells(object, now),
        ...(this.#include === 'None' ? {} : { object: this.#include === 'Object' ? object : partial(object) }),
      })),
    });
  }
}

function objectOf(body: Stored | KubeObject): KubeObject {
  return body instanceof Stored ? body.object : body;
}

function columnDefinition({ name, type, format = '', description, priority = 0 }: TableColumn) {
  return { name, type, format, description, priority };
}

function partial({ metadata }: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
