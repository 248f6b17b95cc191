import type { JsonSchema } from '../../../../../shared/kubernetes/json-schema';
import { goFloat } from '../../go-text';
import { Result } from './result';

/** The bounds of a number. For a whole number Go cuts a bound's fraction off, and so does this. */
export function numberResult(schema: JsonSchema, value: number, path: string): Result {
  const result = new Result();
  const whole = Number.isInteger(value);
  const bound = (limit: number) => (whole ? Math.trunc(limit) : limit);
  const text = (limit: number) => (whole ? String(limit) : goFloat(limit));
  const refuse = (message: string, about: unknown = value) =>
    result.add({ code: 'other', path, message, value: about });

  const { multipleOf, minimum, maximum } = schema;
  if (multipleOf !== undefined) {
    const factor = bound(multipleOf);
    if (factor <= 0) refuse(`factor MultipleOf declared for ${path} must be positive: ${text(factor)}`, factor);
    else if (!isMultiple(value, factor)) refuse(`${path} in body should be a multiple of ${text(factor)}`);
  }
  if (minimum !== undefined) {
    const limit = bound(minimum);
    if (schema.exclusiveMinimum === true) {
      if (value <= limit) refuse(`${path} in body should be greater than ${text(limit)}`);
    } else if (value < limit) refuse(`${path} in body should be greater than or equal to ${text(limit)}`);
  }
  if (maximum !== undefined) {
    const limit = bound(maximum);
    if (schema.exclusiveMaximum === true) {
      if (value >= limit) refuse(`${path} in body should be less than ${text(limit)}`);
    } else if (value > limit) refuse(`${path} in body should be less than or equal to ${text(limit)}`);
  }
  result.matches++;
  return result;
}

function isMultiple(value: number, factor: number): boolean {
  const quotient = factor < 1 ? (1 / factor) * value : value / factor;
  const nearest = Math.round(quotient);
  return Math.abs(quotient - nearest) < 1e-9 * Math.max(1, Math.abs(quotient));
}
