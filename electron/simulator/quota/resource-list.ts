import { addQuantities, compareQuantities, subtractQuantities } from '../../../shared/kubernetes/quantities';

/** Quantities by resource name, canonical (`corev1.ResourceList`; the functions are k8s.io/apiserver/pkg/quota/v1's). */
export type ResourceList = Readonly<Record<string, string>>;

export function add(a: ResourceList, b: ResourceList): ResourceList {
  const sum: Record<string, string> = { ...a };
  for (const [name, quantity] of Object.entries(b)) {
    const present = sum[name];
    sum[name] = present === undefined ? quantity : addQuantities(present, quantity);
  }
  return sum;
}

/** What `a` has more than `b`; never below zero. */
export function subtract(a: ResourceList, b: ResourceList): ResourceList {
  const difference: Record<string, string> = {};
  for (const [name, quantity] of Object.entries(a)) {
    const rest = subtractQuantities(quantity, b[name] ?? '0');
    difference[name] = compareQuantities(rest, '0') > 0 ? rest : '0';
  }
  return difference;
}

/** The larger of each. */
export function maximum(a: ResourceList, b: ResourceList): ResourceList {
  const result: Record<string, string> = { ...a };
  for (const [name, quantity] of Object.entries(b)) {
    const present = result[name];
    if (present === undefined || compareQuantities(quantity, present) > 0) result[name] = quantity;
  }
  return result;
}

/** Those of the given names. */
export function mask(list: ResourceList, names: readonly string[]): ResourceList {
  return Object.fromEntries(Object.entries(list).filter(([name]) => names.includes(name)));
}

export function equal(a: ResourceList, b: ResourceList): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => b[name] !== undefined && compareQuantities(a[name] ?? '0', b[name]) === 0)
  );
}

/** As refusals print it: `cpu=2,memory=1Gi`. */
export function listText(list: ResourceList): string {
  return Object.keys(list)
    .sort()
    .map((name) => `${name}=${list[name]}`)
    .join(',');
}
