import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { rereadJson } from '../encoding/json-reader';
import { writeJson } from '../encoding/json-writer';
import { ManagedFields } from '../managed-fields/managed-fields';
import { asWritten, dropNulls } from '../schema/as-written';

/** In tests every stored object is frozen through and through, so that whoever changes a shared one is found out. */
const FREEZE = process.env.NODE_ENV === 'test';

/**
 * An object as the store keeps it: immutable, and encoded once for all who read it. Who manages its fields is kept beside
 * it, for those who read the encoded form; the cluster's own parts have no use for that.
 */
export class Stored {
  /** `namespace/name`, or `name` when cluster-scoped. */
  readonly key: string;
  /** When it was written; also its `metadata.resourceVersion`. */
  readonly revision: number;
  #object: KubeObject | undefined;
  #managed: ManagedFields;
  #json: string | undefined;

  private constructor(
    key: string,
    revision: number,
    object: KubeObject | undefined,
    managed: ManagedFields,
    json: string | undefined,
  ) {
    this.key = key;
    this.revision = revision;
    this.#object = object;
    this.#managed = managed;
    this.#json = json;
  }

  /** Takes the object over: nobody may change it from now on. */
  static of(key: string, revision: number, object: KubeObject, managed: ManagedFields): Stored {
    object.metadata.resourceVersion = String(revision);
    return new Stored(key, revision, FREEZE ? deepFreeze(object) : object, managed, undefined);
  }

  /** What a dry run would have stored. */
  static unwritten(key: string, object: KubeObject, managed: ManagedFields): Stored {
    return new Stored(key, 0, object, managed, undefined);
  }

  /** An object read back from a backend; it is decoded when first asked for. */
  static encoded(key: string, revision: number, json: string): Stored {
    return new Stored(key, revision, undefined, ManagedFields.none, json);
  }

  /** Without `metadata.managedFields`. */
  get object(): KubeObject {
    return this.#object ?? this.#decode();
  }

  get managed(): ManagedFields {
    if (this.#object === undefined) this.#decode();
    return this.#managed;
  }

  /** The object as clients see it: with `metadata.managedFields`, and with what Go writes though it is nothing. Made anew. */
  get whole(): KubeObject {
    const { json } = this.managed;
    const object = asWritten(this.object);
    if (json === undefined) return object;
    // The list as it is encoded, so that its elements are in order.
    const managedFields: NonNullable<KubeObject['metadata']['managedFields']> = JSON.parse(json);
    return { ...object, metadata: { ...object.metadata, managedFields } };
  }

  /** The whole object, encoded. */
  get json(): string {
    this.#json ??= encoded(asWritten(this.object), this.#managed);
    return this.#json;
  }

  /** Gives up the text, which is made again if anybody asks: most objects that have not changed for long are not read. */
  forgetText(): void {
    if (this.#object !== undefined) this.#json = undefined;
  }

  /** The same state under another version, as a DELETED event shows it. */
  at(revision: number): Stored {
    const { object } = this;
    return Stored.of(this.key, revision, { ...object, metadata: { ...object.metadata } }, this.managed);
  }

  /**
   * The same state in another version of its API.
   * @param convert makes a new object; it must not change the one it is given.
   */
  as(convert: (object: KubeObject) => KubeObject): Stored {
    const object = convert(this.object);
    return new Stored(this.key, this.revision, FREEZE ? deepFreeze(object) : object, this.managed, undefined);
  }

  #decode(): KubeObject {
    // What a backend gives back is what this class once encoded.
    const object = rereadJson(this.#json ?? '') as KubeObject;
    this.#managed = ManagedFields.decode(object.metadata.managedFields) ?? ManagedFields.none;
    delete object.metadata.managedFields;
    dropNulls(object);
    this.#object = FREEZE ? deepFreeze(object) : object;
    return this.#object;
  }
}

/** Members in upstream's order, with the managed fields at the end of the metadata. */
function encoded({ kind, apiVersion, metadata, ...rest }: KubeObject, managed: ManagedFields): string {
  const { json } = managed;
  if (json === undefined) return writeJson({ kind, apiVersion, metadata, ...rest });
  const head = writeJson({ kind, apiVersion, metadata });
  const tail = writeJson(rest).slice(1);
  // Joined, so that one flat text stays: a template would keep its parts beside it.
  return [head.slice(0, -2), ',"managedFields":', json, tail === '}' ? '}' : '},', tail].join('');
}

function deepFreeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) deepFreeze(child);
  return value;
}
