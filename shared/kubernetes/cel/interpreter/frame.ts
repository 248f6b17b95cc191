import { CostLimitExceeded } from '../cost/runtime';
import type { EvaluationError, Value } from '../values/value';

/** The values of an expression's variables. Asked only for what the expression reads. */
export interface Bindings {
  /**
   * `undefined`: there is no such variable.
   * @throws EvaluationError when its value cannot be had.
   */
  find(name: string): Value | undefined;
}

/** One evaluation under way. */
export class Frame {
  readonly bindings: Bindings;
  /** The variables of folds, each at the place that planning gave it. What a fold has collected may be an error so far. */
  readonly slots: (Value | EvaluationError)[] = [];
  cost = 0;
  readonly #limit: number;

  constructor(bindings: Bindings, limit: number) {
    this.bindings = bindings;
    this.#limit = limit;
  }

  /** @throws CostLimitExceeded */
  charge(cost: number): void {
    this.cost += cost;
    if (this.cost > this.#limit) throw new CostLimitExceeded();
  }
}

/** A part of an expression, ready to be evaluated. */
export type Step = (frame: Frame) => Value;
