import type { PriorityClass } from '../../../../shared/kubernetes/objects';
import { type FieldError, forbidden } from './field-error';
import { oneOf } from './values';

const HIGHEST_USER_PRIORITY = 1_000_000_000;
/** The classes that the server itself makes, and their values (pkg/apis/scheduling/v1/helpers.go). */
export const SYSTEM_CLASSES: ReadonlyMap<string, number> = new Map([
  ['system-node-critical', 2_000_001_000],
  ['system-cluster-critical', 2_000_000_000],
]);

/** pkg/apis/scheduling/validation, `ValidatePriorityClass`; a changed class is not held to it. */
export function validatePriorityClass(priorityClass: PriorityClass): FieldError[] {
  const { metadata, value = 0, preemptionPolicy } = priorityClass;
  const { name = '' } = metadata;
  const errors: FieldError[] = [];
  if (name.startsWith('system-')) {
    const problem = systemClassProblem(priorityClass);
    const text = "priority class names with 'system-' prefix are reserved for system use only. error:";
    if (problem !== undefined) errors.push(forbidden('metadata.name', `${text} ${problem}`));
  } else if (value > HIGHEST_USER_PRIORITY) {
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`));
  }
  return [...errors, ...oneOf(preemptionPolicy, ['PreemptLowerPriority', 'Never'], 'preemptionPolicy')];
}

function systemClassProblem({ metadata, value, globalDefault }: PriorityClass): string | undefined {
  const { name = '' } = metadata;
  const known = SYSTEM_CLASSES.get(name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault === true ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
