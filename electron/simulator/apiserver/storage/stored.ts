import type { KubeObject } from '../../../../shared/kubernetes/objects';

/** In tests every stored object is frozen through and through, so that whoever changes a shared one is found out. */
const FREEZE = process.env.NODE_ENV === 'test';

/** An object as the store keeps it: immutable, and encoded once for all who read it. */
export class Stored {
  /** `namespace/name`, or `name` when cluster-scoped. */
  readonly key: string;
  /** When it was written; also its `metadata.resourceVersion`. */
  readonly revision: number;
  #object: KubeObject | undefined;
  #json: string | undefined;

  private constructor(key: string, revision: number, object: KubeObject | undefined, json: string | undefined) {
    this.key = key;
    this.revision = revision;
    this.#object = object;
    this.#json = json;
  }

  /** Takes the object over: nobody may change it from now on. */
  static of(key: string, revision: number, object: KubeObject): Stored {
    object.metadata.resourceVersion = String(revision);
    return new Stored(key, revision, FREEZE ? deepFreeze(object) : object, undefined);
  }

  /** What a dry run would have stored. */
  static unwritten(key: string, object: KubeObject): Stored {
    return new Stored(key, 0, object, undefined);
  }

  /** An object read back from a backend; it is decoded when first asked for. */
  static encoded(key: string, revision: number, json: string): Stored {
    return new Stored(key, revision, undefined, json);
  }

  get object(): KubeObject {
    if (this.#object === undefined) {
      // What a backend gives back is what this class once encoded.
      const object = JSON.parse(this.#json ?? '') as KubeObject;
      this.#object = FREEZE ? deepFreeze(object) : object;
    }
    return this.#object;
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.#object);
    return this.#json;
  }

  /** The same state under another version, as a DELETED event shows it. */
  at(revision: number): Stored {
    const { object } = this;
    return Stored.of(this.key, revision, { ...object, metadata: { ...object.metadata } });
  }
}

function deepFreeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) deepFreeze(child);
  return value;
}
