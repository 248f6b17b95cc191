import type { Value } from '../../../../../shared/kubernetes/cel';
import { meetsConditions } from '../cel/conditions';
import { Evaluation, type ExpressionInputs, type Outcome, OutOfBudget, RUNTIME_BUDGET } from '../cel/evaluate';
import type { CompiledPolicy } from './compiled-policy';

/** A validation that did not pass. */
export interface Denial {
  readonly message: string;
  /** `meta/v1.StatusReason`; absent where the validation could not be asked. */
  readonly reason?: string;
  /** Which of the policy's validations. */
  readonly index: number;
}

/** What a policy says of a request. */
export interface Verdict {
  readonly denials: readonly Denial[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  /** What went wrong with annotations, where that refuses the request. */
  readonly annotationErrors: readonly string[];
}

const NOTHING: Verdict = { denials: [], annotations: [], annotationErrors: [] };
const LONGEST_MESSAGE = 5 * 1024;

/**
 * Asks a policy about a request (k8s.io/apiserver/pkg/admission/plugin/policy/validating/validator.go).
 * @param ignoresFailures whether what cannot be asked counts as passed.
 */
export function askPolicy(policy: CompiledPolicy, inputs: ExpressionInputs, ignoresFailures: boolean): Verdict {
  // Neither the conditions see the namespace, nor messages and annotations the authorizer.
  const { namespaceObject: _, ...conditional } = inputs;
  const { authorizer: __, requestResource: ___, ...plain } = inputs;
  const failed = (message: string): Verdict =>
    ignoresFailures ? NOTHING : { ...NOTHING, denials: [{ message, index: 0 }] };
  const { met, error } = meetsConditions(policy.conditions, conditional, ignoresFailures);
  if (error !== undefined) return failed(error);
  if (!met) return NOTHING;

  const { validations, variables } = policy;
  const outcomes: Outcome[] = [];
  const evaluation = new Evaluation(inputs, variables, RUNTIME_BUDGET);
  try {
    for (const { expression, validation } of validations) {
      outcomes.push(evaluation.evaluate(expression, validation.expression));
    }
  } catch (thrown) {
    if (!(thrown instanceof OutOfBudget)) throw thrown;
    return failed(thrown.message);
  }
  const messages = messagesOf(policy, plain, evaluation.left);
  const denials = outcomes.flatMap((outcome, index): Denial[] => {
    const validation = validations[index]?.validation;
    if (validation === undefined) return [];
    if ('error' in outcome) return ignoresFailures ? [] : [{ message: outcome.error, index }];
    if (typeof messages === 'string') {
      return ignoresFailures ? [] : [{ message: `failed messageExpression: ${messages}`, index }];
    }
    if (outcome.value === true) return [];
    const message =
      usableMessage(messages[index]) ||
      (validation.message ?? '').trim() ||
      `failed expression: ${validation.expression.trim()}`;
    return [{ message, reason: validation.reason ?? 'Invalid', index }];
  });
  const annotated = annotationsOf(policy, plain, ignoresFailures);
  return typeof annotated === 'string' ? failed(annotated) : { denials, ...annotated };
}

/** What the validations' own expressions say; a text when too much was spent. */
function messagesOf(
  { validations, variables }: CompiledPolicy,
  inputs: ExpressionInputs,
  budget: number,
): readonly (Value | undefined)[] | string {
  const evaluation = new Evaluation(inputs, variables, budget);
  try {
    return validations.map(({ message, validation }) => {
      if (message === undefined) return undefined;
      const outcome = evaluation.evaluate(message, validation.messageExpression ?? '');
      return 'error' in outcome ? undefined : outcome.value;
    });
  } catch (error) {
    if (error instanceof OutOfBudget) return error.message;
    throw error;
  }
}

/** Empty unless it is a line of text. */
function usableMessage(value: Value | undefined): string {
  const text = typeof value === 'string' ? value.trim() : '';
  return Buffer.byteLength(text) > LONGEST_MESSAGE || text.includes('\n') ? '' : text;
}

/** A text when too much was spent. */
function annotationsOf(
  policy: CompiledPolicy,
  inputs: ExpressionInputs,
  ignoresFailures: boolean,
): Pick<Verdict, 'annotations' | 'annotationErrors'> | string {
  const evaluation = new Evaluation(inputs, policy.variables, RUNTIME_BUDGET);
  const annotations: { key: string; value: string }[] = [];
  const annotationErrors: string[] = [];
  try {
    for (const { annotation, value } of policy.annotations) {
      const outcome = evaluation.evaluate(value, annotation.valueExpression);
      if ('error' in outcome) {
        if (!ignoresFailures) annotationErrors.push(outcome.error);
        continue;
      }
      const text = typeof outcome.value === 'string' ? outcome.value.trim() : '';
      if (text !== '') annotations.push({ key: annotation.key, value: text });
    }
  } catch (error) {
    if (error instanceof OutOfBudget) return error.message;
    throw error;
  }
  return { annotations, annotationErrors };
}
