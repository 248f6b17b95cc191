/** How long to wait before trying again. All in milliseconds. */
export interface Backoff {
  /** @param failures How many attempts in a row have failed, from one. */
  delay(failures: number): number;
}

/** Doubles from `first` up to `longest`, with up to half of it left to chance so that many clients spread out. */
export function exponentialBackoff(first: number, longest: number): Backoff {
  return {
    delay(failures) {
      const full = Math.min(longest, first * 2 ** Math.min(failures - 1, 20));
      return full * (0.5 + Math.random() / 2);
    },
  };
}

/** Waits; ends early, without an error, with the signal or with the function that `onWaiting` is given. */
export function pause(
  milliseconds: number,
  signal: AbortSignal | undefined,
  onWaiting?: (wake: () => void) => void,
): Promise<void> {
  if (milliseconds <= 0 || signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
    onWaiting?.(end);
  });
}
