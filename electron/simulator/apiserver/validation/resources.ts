import { qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { LimitRange } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity, compareQuantities } from '../../../../shared/kubernetes/quantities';
import { duplicate, type FieldError, invalid } from './field-error';

type Quantities = Readonly<Record<string, string>> | undefined;

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];

/** A container's requests and limits (`validateResourceRequirements`). */
export function validateRequirements(
  resources: { requests?: Record<string, string>; limits?: Record<string, string> } | undefined,
  path: string,
): FieldError[] {
  const limits = resources?.limits;
  const requests = resources?.requests;
  const errors = [
    ...validateResourceNames(limits, `${path}.limits`),
    ...validateQuantities(limits, `${path}.limits`),
    ...validateResourceNames(requests, `${path}.requests`),
    ...validateQuantities(requests, `${path}.requests`),
  ];
  for (const [name, request] of Object.entries(requests ?? {})) {
    const limit = limits?.[name];
    if (limit === undefined) continue;
    const overcommits = STANDARD.includes(name);
    if (overcommits && compareQuantities(request, limit) > 0) {
      const text = `must be less than or equal to ${name} limit of ${canonicalQuantity(limit)}`;
      errors.push(invalid(`${path}.requests`, canonicalQuantity(request), text));
    } else if (!overcommits && compareQuantities(request, limit) !== 0) {
      const text = `must be equal to ${name} limit of ${canonicalQuantity(limit)}`;
      errors.push(invalid(`${path}.requests`, canonicalQuantity(request), text));
    }
  }
  return errors;
}

function validateResourceNames(list: Quantities, path: string): FieldError[] {
  return Object.keys(list ?? {}).flatMap((name) => {
    const problems = qualifiedNameProblems(name).map((problem) => invalid(path, name, problem));
    if (problems.length === 0 && !name.includes('/') && !STANDARD.includes(name) && !name.startsWith('hugepages-')) {
      return [
        invalid(path, name, 'must be a standard resource type or fully qualified'),
        invalid(path, name, 'must be a standard resource for containers'),
      ];
    }
    return problems;
  });
}

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
