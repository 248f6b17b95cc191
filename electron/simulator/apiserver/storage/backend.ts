/** One durable change: an object's new state, or its end. */
export interface DurableChange {
  /** `/registry/GROUP/RESOURCE/NAMESPACE/NAME`, parts empty where they do not apply. */
  readonly key: string;
  readonly revision: number;
  /** The object as JSON; `undefined` when it was deleted. */
  readonly value: string | undefined;
}

/**
 * Where the store keeps its objects beyond the life of the process. Changes are given in order of revision and become
 * durable in that order: after a crash, what is there is a prefix of the history.
 */
export interface Backend {
  /** The highest revision ever used, so that none is used twice. */
  readonly revision: number;
  load(): Iterable<{ key: string; revision: number; value: string }>;
  /** Takes a change without waiting for it. */
  append(change: DurableChange): void;
  /** Resolves once everything appended so far survives `kill -9`; rejects when it cannot be written. */
  flushed(): Promise<void>;
  close(): Promise<void>;
}
