import type { Clock } from '../clock';

/** client-go's ExpectationsTimeout: a change that never shows is not waited for longer. */
const TIMEOUT = 5 * 60_000;

interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  readonly since: number;
}

/**
 * What a controller has asked for and its cache does not show yet. Until it does, counting from the cache would create or
 * delete twice (pkg/controller/controller_utils.go, `UIDTrackingControllerExpectations`).
 */
export class Expectations {
  readonly #clock: Clock;
  readonly #expected = new Map<string, Expected>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the cache may be trusted about what this key owns. */
  satisfied(key: string): boolean {
    const expected = this.#expected.get(key);
    if (expected === undefined) return true;
    if (expected.creations <= 0 && expected.deletions.size === 0) return true;
    return this.#clock.now() - expected.since > TIMEOUT;
  }

  expectCreations(key: string, count: number): void {
    this.#renew(key).creations += count;
  }

  expectDeletions(key: string, uids: Iterable<string>): void {
    const { deletions } = this.#renew(key);
    for (const uid of uids) deletions.add(uid);
  }

  /** A creation has shown, or has failed and will not. */
  creationObserved(key: string, count = 1): void {
    const expected = this.#expected.get(key);
    if (expected !== undefined) expected.creations -= count;
  }

  /** A deletion has shown, or has failed and will not. */
  deletionObserved(key: string, uid: string): void {
    this.#expected.get(key)?.deletions.delete(uid);
  }

  forget(key: string): void {
    this.#expected.delete(key);
  }

  #renew(key: string): Expected {
    const present = this.satisfied(key) ? undefined : this.#expected.get(key);
    const expected = present ?? { creations: 0, deletions: new Set<string>(), since: this.#clock.now() };
    this.#expected.set(key, expected);
    return expected;
  }
}
