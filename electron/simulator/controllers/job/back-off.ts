/** From 10 s, doubling, to 10 min (job_controller.go, `DefaultJobPodFailureBackOff`, `MaxJobPodFailureBackOff`). */
const FIRST = 10_000;
const LONGEST = 600_000;

interface Failures {
  /** Since the last success. */
  count: number;
  /** Milliseconds since the epoch. */
  last: number;
}

/** How long a job waits before it replaces failed pods (pkg/controller/job/backoff_utils.go). */
export class PodBackOff {
  readonly #failures = new Map<string, Failures>();

  failed(key: string, at: number): void {
    const failures = this.#failures.get(key) ?? { count: 0, last: 0 };
    failures.count++;
    failures.last = Math.max(failures.last, at);
    this.#failures.set(key, failures);
  }

  /** A success, or the job's end: the next failure counts from the start. */
  reset(key: string): void {
    this.#failures.delete(key);
  }

  /** Milliseconds until a new pod may be made; 0 or less: now. */
  remaining(key: string, now: number): number {
    const failures = this.#failures.get(key);
    if (failures === undefined) return 0;
    return failures.last + Math.min(FIRST * 2 ** (failures.count - 1), LONGEST) - now;
  }
}
