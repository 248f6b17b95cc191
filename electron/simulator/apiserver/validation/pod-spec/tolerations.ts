import { labelValueProblems, qualifiedNameProblems } from '../../../../../shared/kubernetes/label-syntax';
import type { PodSpec } from '../../strategies/pod-defaults';
import { type FieldError, invalid, notSupported } from '../field-error';
import { invalidFor, oneOf } from '../values';

type Toleration = NonNullable<PodSpec['tolerations']>[number];

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** The taints that a pod puts up with (`ValidateTolerations`). */
export function validateTolerations(tolerations: readonly Toleration[], path: string): FieldError[] {
  return tolerations.flatMap((toleration, index) => validateToleration(toleration, `${path}[${index}]`));
}

function validateToleration(toleration: Toleration, path: string): FieldError[] {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
  const errors = key === '' ? [] : invalidFor(`${path}.key`, key, qualifiedNameProblems);
  if (key === '' && operator !== 'Exists') {
    const text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalid(`${path}.operator`, operator, text));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === 'Equal' || operator === '') {
    const problems = labelValueProblems(value);
    if (problems.length > 0) errors.push(invalid(`${path}.operator`, value, problems.join(';')));
  } else if (operator === 'Exists') {
    if (value !== '') {
      errors.push(invalid(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    }
  } else {
    // Comparing numbers is behind a gate that is closed by default; only then does upstream name its operators.
    const compares = operator === 'Lt' || operator === 'Gt';
    errors.push(notSupported(`${path}.operator`, operator, ['Equal', 'Exists', ...(compares ? ['Lt', 'Gt'] : [])]));
  }
  if (effect !== '') errors.push(...oneOf(effect, EFFECTS, `${path}.effect`));
  return errors;
}
