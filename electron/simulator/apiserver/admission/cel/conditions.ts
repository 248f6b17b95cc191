import type { ValidatingAdmissionPolicy } from '../../../../../shared/kubernetes/objects';
import { aggregateText } from '../../go-text';
import { BOOLEAN, type Compiled, type Composition, compileExpression } from './compile';
import { Evaluation, type ExpressionInputs, MATCH_CONDITIONS_BUDGET, OutOfBudget } from './evaluate';

type MatchCondition = NonNullable<NonNullable<ValidatingAdmissionPolicy['spec']>['matchConditions']>[number];

/** The match conditions of a policy or a webhook, compiled. */
export interface Conditions {
  readonly list: readonly { readonly expression: string; readonly compiled: Compiled }[];
  readonly composition: Composition | undefined;
}

export function compileConditions(
  conditions: readonly MatchCondition[] | undefined,
  hasParams: boolean,
  composition?: Composition,
): Conditions {
  const options = { hasParams, hasAuthorizer: true, composed: composition };
  return {
    list: (conditions ?? []).map(({ expression = '' }) => ({
      expression,
      compiled: compileExpression(expression, options, BOOLEAN),
    })),
    composition,
  };
}

/**
 * Whether a request meets all conditions (k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions/matcher.go): one that
 * does not hold decides, whatever is wrong with others.
 * @returns what was wrong, where that decides; only when failures are not ignored.
 */
export function meetsConditions(
  { list, composition }: Conditions,
  inputs: ExpressionInputs,
  ignoresFailures: boolean,
): { readonly met: boolean; readonly error?: string } {
  const evaluation = new Evaluation(inputs, composition, MATCH_CONDITIONS_BUDGET);
  const errors: string[] = [];
  const values: unknown[] = [];
  try {
    for (const { expression, compiled } of list) {
      const outcome = evaluation.evaluate(compiled, expression);
      if ('error' in outcome) errors.push(outcome.error);
      else values.push(outcome.value);
    }
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error;
    return ignoresFailures ? { met: false } : { met: false, error: error.message };
  }
  if (values.includes(false)) return { met: false };
  if (errors.length === 0) return { met: true };
  return ignoresFailures ? { met: false } : { met: false, error: aggregateText(errors) };
}
