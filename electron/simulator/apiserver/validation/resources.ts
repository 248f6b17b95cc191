import type { LimitRange } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity, compareQuantities } from '../../../../shared/kubernetes/quantities';
import { duplicate, type FieldError, invalid } from './field-error';

type Quantities = Readonly<Record<string, string>> | undefined;

/** No quantity may be below zero. */
export function validateQuantities(list: Quantities, path: string): FieldError[] {
  return Object.entries(list ?? {}).flatMap(([name, quantity]) =>
    compareQuantities(quantity, '0') < 0
      ? [invalid(`${path}[${name}]`, canonicalQuantity(quantity), 'must be greater than or equal to 0')]
      : [],
  );
}

/** The limits of a LimitRange must not contradict each other. */
export function validateLimitRange(range: LimitRange): FieldError[] {
  const errors: FieldError[] = [];
  const types = new Set<string>();
  for (const [index, item] of (range.spec?.limits ?? []).entries()) {
    const at = `spec.limits[${index}]`;
    if (types.has(item.type)) errors.push(duplicate(`${at}.type`, item.type));
    types.add(item.type);
    const { min = {}, max = {}, default: limit = {}, defaultRequest = {} } = item;
    const names = new Set([min, max, limit, defaultRequest].flatMap(Object.keys));
    for (const name of names) {
      errors.push(...ordered(min[name], max[name], `${at}.min[${name}]`, 'min', 'max'));
      errors.push(
        ...ordered(
          defaultRequest[name],
          limit[name],
          `${at}.defaultRequest[${name}]`,
          'default request',
          'default limit',
        ),
      );
      errors.push(...ordered(limit[name], max[name], `${at}.default[${name}]`, 'default', 'max'));
    }
  }
  return errors;
}

function ordered(
  low: string | undefined,
  high: string | undefined,
  path: string,
  lowName: string,
  highName: string,
): FieldError[] {
  if (low === undefined || high === undefined || compareQuantities(low, high) <= 0) return [];
  return [invalid(path, low, `${lowName} value ${low} is greater than ${highName} value ${high}`)];
}
