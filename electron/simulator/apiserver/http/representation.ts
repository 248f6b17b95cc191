import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { apiVersionOf } from '../../../../shared/kubernetes/resources';
import { writeJson } from '../encoding/json-writer';
import { messageOfKind } from '../protobuf/messages';
import type { ResourceDefinition, TableColumn } from '../registry/definition';
import type { ListResult } from '../registry/read';
import { badRequest, failure } from '../status-errors';
import { Stored } from '../storage/stored';
import type { Accepted, Transform } from './accept';

/** Which part of each object a Table's rows carry. */
type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Writes objects of one kind in the shape that a client asked for, as JSON (apiserver/pkg/endpoints/handlers/response.go). */
export class Representation {
  readonly accept: Accepted;
  readonly #definition: ResourceDefinition;
  readonly #include: IncludeObject;
  readonly #now: () => number;

  /**
   * @param include the `includeObject` parameter of Tables.
   * @param now cluster time, for ages in Tables.
   * @throws StatusError 400 when a Table is to carry something unknown.
   */
  constructor(definition: ResourceDefinition, accept: Accepted, include: string | null, now: () => number) {
    this.#definition = definition;
    this.accept = accept;
    this.#include = accept.as?.kind === 'Table' ? includeObject(include ?? '') : 'Metadata';
    this.#now = now;
  }

  /** Whether objects are written as they are, so that their one encoding serves. */
  get isPlain(): boolean {
    return this.accept.as === undefined;
  }

  /** Whether what is written has a protobuf form: objects of custom resources have none. */
  get hasProtobuf(): boolean {
    return this.accept.as !== undefined || this.#isTyped;
  }

  get #isTyped(): boolean {
    const { resource, isCustom } = this.#definition;
    // A custom kind may be named as one of Go's.
    return isCustom !== true && messageOfKind(apiVersionOf(resource), resource.kind) !== undefined;
  }

  /** @throws StatusError 406 when one object is to be a list. */
  one(body: Stored | KubeObject): string {
    const { as } = this.accept;
    if (as === undefined) return body instanceof Stored ? body.json : writeJson(body);
    if (as.kind === 'PartialObjectMetadataList') throw this.#noSuchShape(as, 'not a list', '');
    const object = body instanceof Stored ? body.whole : body;
    if (as.kind === 'PartialObjectMetadata') return writeJson(partial(object, as));
    return this.#table(as, [object], versionOf(object), true);
  }

  /** @throws StatusError 406 when a list is to be one object. */
  list(result: ListResult): string {
    const { as } = this.accept;
    // A list of custom resources is written without a type of Go, which would leave out what is empty.
    const noMore = this.#definition.isCustom === true && as === undefined ? { continue: '' } : {};
    const metadata = {
      ...(result.revision === 0 ? {} : { resourceVersion: String(result.revision) }),
      ...(result.continueToken === undefined ? noMore : { continue: result.continueToken }),
      ...(result.remaining === undefined ? {} : { remainingItemCount: result.remaining }),
    };
    if (as === undefined) return this.#plainList(metadata, result.items);
    if (as.kind === 'PartialObjectMetadata') throw this.#noSuchShape(as, 'a list', 'List');
    const objects = result.items.map((stored) => stored.whole);
    if (as.kind === 'Table') {
      const { order } = this.#definition.printer;
      return this.#table(as, order === undefined ? objects : objects.sort(order), metadata, true);
    }
    return writeJson({
      kind: as.kind,
      apiVersion: `meta.k8s.io/${as.version}`,
      metadata,
      // Go's list of none is null where nothing made one.
      items: objects.length === 0 ? null : objects.map((object) => partial(object, as)),
    });
  }

  /** One object of a watch, or a bookmark. @param first whether a Table still has to say what its columns are. */
  event(body: Stored | KubeObject, first: boolean): string {
    const { as } = this.accept;
    if (as === undefined) return body instanceof Stored ? body.json : writeJson(body);
    const object = body instanceof Stored ? body.whole : body;
    if (as.kind === 'Table') return this.#table(as, [object], versionOf(object), first);
    if (as.kind === 'PartialObjectMetadataList') throw this.#noSuchShape(as, 'not a list', '');
    return writeJson(partial(object, as));
  }

  /** Where Go has a type for the items, they do not repeat what the list's kind says already. */
  #plainList(metadata: object, items: readonly Stored[]): string {
    const { resource } = this.#definition;
    const apiVersion = apiVersionOf(resource);
    const type = `{"kind":${JSON.stringify(resource.kind)},"apiVersion":${JSON.stringify(apiVersion)},`;
    const isTyped = this.#isTyped;
    const bare = ({ json }: Stored) => (isTyped && json.startsWith(type) ? `{${json.slice(type.length)}` : json);
    const kind = this.#definition.listKind ?? `${resource.kind}List`;
    const head = JSON.stringify({ kind, apiVersion, metadata });
    return `${head.slice(0, -1)},"items":[${items.map(bare).join(',')}]}`;
  }

  #table(as: Transform, objects: readonly KubeObject[], metadata: object, withColumns: boolean): string {
    const { printer } = this.#definition;
    const now = this.#now();
    return writeJson({
      kind: 'Table',
      apiVersion: `meta.k8s.io/${as.version}`,
      metadata,
      columnDefinitions: withColumns ? printer.columns.map(columnDefinition) : null,
      rows: objects.map((object) => ({
        cells: printer.cells(object, now),
        conditions: printer.conditions?.(object),
        object: this.#include === 'None' ? null : this.#include === 'Object' ? object : partial(object, as),
      })),
    });
  }

  #noSuchShape({ kind }: Transform, what: string, suffix: string) {
    const { group, kind: name } = this.#definition.resource;
    // Events of both groups are the core group's within.
    const home = group === '' || group === 'events.k8s.io' ? 'core' : group.split('.')[0];
    const type = `*${home}.${name}${suffix}`;
    return failure(406, 'NotAcceptable', `you requested ${kind}, but the requested object is ${what} (${type})`);
  }
}

function includeObject(value: string): IncludeObject {
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'None' || value === 'Object') return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

function versionOf({ metadata: { resourceVersion } }: KubeObject) {
  return resourceVersion === undefined ? {} : { resourceVersion };
}

function columnDefinition({ name, type, format = '', description, priority = 0 }: TableColumn) {
  return { name, type, format, description, priority };
}

function partial({ metadata }: KubeObject, { version }: Transform): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata };
}
