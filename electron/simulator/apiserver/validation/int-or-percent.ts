import { type FieldError, invalid } from './field-error';
import { nonNegative } from './values';

type IntOrPercent = number | string | undefined;

/** Whole percents, without a sign. */
const PERCENT = /^(\d+)%$/;

/** pkg/apis/apps/validation, `ValidatePositiveIntOrPercent`; absent, it passes. */
export function positiveIntOrPercent(value: IntOrPercent, path: string): FieldError[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return nonNegative(value, path);
  if (PERCENT.test(value)) return [];
  const example = "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  const text = `a valid percent string must be a numeric string followed by an ending '%' ${example}`;
  return [invalid(path, value, text)];
}

/** `IsNotMoreThan100Percent`; a number is no percentage. */
export function atMostAll(value: IntOrPercent, path: string): FieldError[] {
  const percent = typeof value === 'string' ? PERCENT.exec(value)?.[1] : undefined;
  return Number(percent ?? 0) > 100 ? [invalid(path, value, 'must not be greater than 100%')] : [];
}

/** Both: a number of pods, or a percentage of them. */
export function countOrPercent(value: IntOrPercent, path: string): FieldError[] {
  return [...positiveIntOrPercent(value, path), ...atMostAll(value, path)];
}

/** `getIntOrPercentValue`: the number, or that before the `%`; a text that is neither counts as nothing. */
export function intOrPercentValue(value: IntOrPercent): number {
  if (typeof value !== 'string') return value ?? 0;
  const digits = PERCENT.exec(value)?.[1] ?? /^[+-]?\d+$/.exec(value)?.[0];
  return Number(digits ?? 0);
}
