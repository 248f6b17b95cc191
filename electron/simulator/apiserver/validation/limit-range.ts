import { qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { LimitRange } from '../../../../shared/kubernetes/objects';
import { canonicalQuantity, compareQuantities, quantityInNano } from '../../../../shared/kubernetes/quantities';
import { duplicate, type FieldError, forbidden, invalid, required } from './field-error';
import { mayOvercommit, validateContainerResourceName, validateResourceName } from './pod-spec/resources';
import { invalidFor } from './values';

type Limit = NonNullable<LimitRange['spec']>['limits'][number];

const TYPES = ['Container', 'PersistentVolumeClaim', 'Pod'];

/** pkg/apis/core/validation, `ValidateLimitRange`. */
export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const types = new Set<string>();
  return (spec?.limits ?? []).flatMap((limit, index) => {
    const at = `spec.limits[${index}]`;
    const type = limit.type ?? '';
    const again = types.has(type) ? [duplicate(`${at}.type`, type)] : [];
    types.add(type);
    return [...validateType(type, `${at}.type`), ...again, ...validateLimit(limit, type, at)];
  });
}

function validateType(type: string, path: string): FieldError[] {
  const errors = invalidFor(path, type, qualifiedNameProblems);
  if (errors.length > 0 || type.includes('/') || TYPES.includes(type)) return errors;
  return [invalid(path, type, 'must be a standard limit type or fully qualified')];
}

function validateLimit(limit: Limit, type: string, at: string): FieldError[] {
  const { max = {}, min = {}, maxLimitRequestRatio: ratios = {} } = limit;
  const isPod = type === 'Pod';
  const defaults = isPod ? {} : (limit.default ?? {});
  const requests = isPod ? {} : (limit.defaultRequest ?? {});
  const names = (field: string, list: Readonly<Record<string, string>>) =>
    Object.keys(list).flatMap((name) => validateName(type, name, `${at}.${field}[${name}]`));
  const errors = [...names('max', max), ...names('min', min)];
  for (const field of ['default', 'defaultRequest'] as const) {
    if (isPod && Object.keys(limit[field] ?? {}).length > 0) {
      errors.push(forbidden(`${at}.${field}`, "may not be specified when `type` is 'Pod'"));
    }
  }
  errors.push(...names('default', defaults), ...names('defaultRequest', requests));
  if (type === 'PersistentVolumeClaim' && min.storage === undefined && max.storage === undefined) {
    const detail = 'either minimum or maximum storage value is required, but neither was provided';
    errors.push(required(`${at}.limits`, detail));
  }
  errors.push(...names('maxLimitRequestRatio', ratios));
  const all = new Set([max, min, defaults, requests, ratios].flatMap(Object.keys));
  for (const name of all) {
    errors.push(...validateAmounts(name, at, max[name], min[name], defaults[name], requests[name], ratios[name]));
  }
  return errors;
}

function validateName(type: string, name: string, path: string): FieldError[] {
  const isOfContainers = type === 'Pod' || type === 'Container';
  return isOfContainers ? validateContainerResourceName(name, path) : validateResourceName(name, path);
}

type Amount = string | undefined;

/** What is said of one resource must not contradict itself. */
function validateAmounts(
  name: string,
  at: string,
  max: Amount,
  min: Amount,
  limit: Amount,
  request: Amount,
  ratio: Amount,
): FieldError[] {
  const errors: FieldError[] = [];
  const text = (amount: string) => canonicalQuantity(amount);
  const compare = (
    field: string,
    shown: Amount,
    [low, lowName]: [Amount, string],
    [high, highName]: [Amount, string],
  ) => {
    if (low === undefined || high === undefined || shown === undefined || compareQuantities(low, high) <= 0) return;
    const detail = `${lowName} value ${text(low)} is greater than ${highName} value ${text(high)}`;
    errors.push(invalid(`${at}.${field}[${name}]`, text(shown), detail));
  };
  compare('min', min, [min, 'min'], [max, 'max']);
  compare('defaultRequest', request, [min, 'min'], [request, 'default request']);
  compare('defaultRequest', request, [request, 'default request'], [max, 'max']);
  compare('defaultRequest', request, [request, 'default request'], [limit, 'default limit']);
  compare('default', min, [min, 'min'], [limit, 'default']);
  compare('default', max, [limit, 'default'], [max, 'max']);
  if (ratio !== undefined) errors.push(...validateRatio(ratio, min, max, `${at}.maxLimitRequestRatio[${name}]`));
  const differ = limit !== undefined && request !== undefined && compareQuantities(limit, request) !== 0;
  if (differ && !mayOvercommit(name)) {
    const detail = `default value ${text(limit)} must equal to defaultRequest value ${text(request)} in ${name}`;
    errors.push(invalid(`${at}.defaultRequest[${name}]`, text(request), detail));
  }
  return errors;
}

function validateRatio(ratio: string, min: Amount, max: Amount, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const text = canonicalQuantity(ratio);
  if (compareQuantities(ratio, '1') < 0) errors.push(invalid(path, text, `ratio ${text} is less than 1`));
  if (min === undefined || max === undefined) return errors;
  const most = Number(quantityInNano(max)) / Number(quantityInNano(min));
  if (Number(quantityInNano(ratio)) / 1e9 > most) {
    errors.push(invalid(path, text, `ratio ${text} is greater than max/min = ${most.toFixed(6)}`));
  }
  return errors;
}
