import { labelValueProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import { duplicate, type FieldError, invalid, notSupported, required } from './field-error';
import { internalText } from './internal-text';
import { invalidFor } from './values';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Whatever a client may have written where a taint belongs. */
export interface Taint {
  key?: string;
  value?: string;
  effect?: string;
  timeAdded?: unknown;
}

/** A node's taints: well-formed, and one of each key and effect (`validateNodeTaints`). */
export function validateTaints(taints: readonly Taint[], path: string): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, index) => {
    const at = `${path}[${index}]`;
    const { key = '', value = '', effect = '' } = taint;
    const errors = invalidFor(`${at}.key`, key, qualifiedNameProblems);
    const problems = labelValueProblems(value);
    if (problems.length > 0) errors.push(invalid(`${at}.value`, value, problems.join(';')));
    if (effect === '') errors.push(required(`${at}.effect`));
    else if (!EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, EFFECTS));
    const identity = `${key}:${effect}`;
    if (seen.has(identity)) {
      const error = duplicate(at, internalText('Taint', taint));
      errors.push({ ...error, message: `${error.message}: taints must be unique by key and effect pair` });
    }
    seen.add(identity);
    return errors;
  });
}
