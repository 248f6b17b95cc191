/** Why a value is not as its schema wants it (kube-openapi's validation/errors). */
export type FailureCode = 'type' | 'required' | 'enum' | 'tooLong' | 'tooManyItems' | 'tooManyProperties' | 'other';

export interface Failure {
  readonly code: FailureCode;
  /** The text, with the path in it; a text is told once. */
  readonly message: string;
  /** The path; `undefined` for failures of combined schemas, which upstream tells without one. */
  readonly path: string | undefined;
  readonly value?: unknown;
  /** The bound that was exceeded, or the values allowed. */
  readonly valid?: unknown;
}

/**
 * What came of validating a value (kube-openapi's validation/validate/result.go). How many checks were made decides which
 * of several schemas was meant.
 */
export class Result {
  readonly failures: Failure[] = [];
  matches = 0;

  get isValid(): boolean {
    return this.failures.length === 0;
  }

  add(failure: Failure): this {
    if (!this.failures.some(({ message }) => message === failure.message)) this.failures.push(failure);
    return this;
  }

  merge(other: Result): this {
    for (const failure of other.failures) this.add(failure);
    this.matches += other.matches;
    return this;
  }
}
