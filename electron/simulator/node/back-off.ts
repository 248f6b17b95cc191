interface Entry {
  delay: number;
  updated: number;
}

/** client-go's flowcontrol.Backoff as the kubelet uses it: 10 s doubling to 5 min, forgotten after 10 min of quiet. */
export class BackOff {
  readonly #initial: number;
  readonly #longest: number;
  readonly #entries = new Map<string, Entry>();

  /** @param initial, longest in milliseconds. */
  constructor(initial = 10_000, longest = 300_000) {
    this.#initial = initial;
    this.#longest = longest;
  }

  /** The delay in force for `key`; 0 when there is none. */
  delay(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  /** Milliseconds that are left to wait, for something that ended at `ended`. */
  remaining(key: string, ended: number, now: number): number {
    const entry = this.#entries.get(key);
    if (entry === undefined || ended - entry.updated > this.#longest) return 0;
    return Math.max(0, ended + entry.delay - now);
  }

  /** Counts one more attempt; `ended` is when the one before failed. */
  next(key: string, ended: number, now: number): void {
    const entry = this.#entries.get(key);
    const delay =
      entry === undefined || ended - entry.updated > 2 * this.#longest
        ? this.#initial
        : Math.min(entry.delay * 2, this.#longest);
    this.#entries.set(key, { delay, updated: now });
  }

  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

/** A duration as Go prints it: `10s`, `1m20s`, `5m0s`, `1.2s`, `627.5ms`. */
export function goDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`;
  const seconds = milliseconds / 1000;
  const minutes = Math.floor(seconds / 60);
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  if (minutes === 0) return rest;
  return minutes < 60 ? `${minutes}m${rest}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}`;
}
