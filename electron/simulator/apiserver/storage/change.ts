import type { Stored } from './stored';

/** What one write did to one object. */
export class Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly key: string;
  /** The new state; for DELETED the last one, under the deletion's revision. */
  readonly current: Stored;
  readonly previous: Stored | undefined;
  #departed: Stored | undefined;

  constructor(type: Change['type'], current: Stored, previous: Stored | undefined) {
    this.type = type;
    this.revision = current.revision;
    this.key = current.key;
    this.current = current;
    this.previous = previous;
  }

  /** The state before, under this change's revision: what those see whose selector the object has left. */
  get departed(): Stored {
    this.#departed ??= this.type === 'DELETED' ? this.current : (this.previous ?? this.current).at(this.revision);
    return this.#departed;
  }
}
