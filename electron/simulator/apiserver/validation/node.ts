import { isDeepStrictEqual } from 'node:util';
import { labelValueProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from './field-error';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

interface Taint {
  key: string;
  value?: string;
  effect: string;
}

/** A node's taints: well-formed, and one of each key and effect (`validateNodeTaints`). */
export function validateTaints(taints: readonly Taint[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return (taints ?? []).flatMap((taint, index) => {
    const at = `${path}[${index}]`;
    const { key = '', value = '', effect = '' } = taint;
    const errors = qualifiedNameProblems(key).map((problem) => invalid(`${at}.key`, key, problem));
    const problems = labelValueProblems(value);
    if (problems.length > 0) errors.push(invalid(`${at}.value`, value, problems.join(';')));
    if (effect === '') errors.push(required(`${at}.effect`));
    else if (!EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, EFFECTS));
    const identity = `${key}:${effect}`;
    if (seen.has(identity))
      errors.push({
        ...duplicate(at, taint),
        message: `${duplicate(at, taint).message}: taints must be unique by key and effect pair`,
      });
    seen.add(identity);
    return errors;
  });
}

/** A node's pod network may be set once. */
export function immutableCidr(cidrs: readonly string[] | undefined, old: readonly string[] | undefined): FieldError[] {
  if (isDeepStrictEqual(cidrs ?? [], old ?? [])) return [];
  return [forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid')];
}
