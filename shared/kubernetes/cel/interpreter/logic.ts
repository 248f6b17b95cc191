import { EvaluationError, type Value } from '../values/value';
import type { Frame, Step } from './frame';

function boolean(value: Value): boolean {
  if (typeof value !== 'boolean') throw new EvaluationError('no such overload');
  return value;
}

/**
 * `a && b` (for which false decides) and `a || b` (for which true does). An error on one side does not matter when the other
 * decides.
 */
export function logical(left: Step, right: Step, decides: boolean): Step {
  return (frame) => {
    let failure: EvaluationError | undefined;
    for (const side of [left, right]) {
      try {
        if (boolean(side(frame)) === decides) return decides;
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !decides;
  };
}

/** `test ? yes : no`. */
export function conditional(test: Step, yes: Step, no: Step): Step {
  return (frame) => (boolean(test(frame)) ? yes(frame) : no(frame));
}

/** Whether a fold goes on: anything but false, errors included. */
export function notStrictlyFalse(step: Step): (frame: Frame) => boolean {
  return (frame) => {
    try {
      return step(frame) !== false;
    } catch (error) {
      if (error instanceof EvaluationError) return true;
      throw error;
    }
  };
}
