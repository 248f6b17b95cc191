import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  qualifiedNameProblems,
} from '../../../../../shared/kubernetes/label-syntax';
import type { LabelSelector } from '../../../../../shared/kubernetes/meta';
import type { PodSpec } from '../../strategies/pod-defaults';
import { type FieldError, forbidden, invalid, required } from '../field-error';
import { validateLabelSelector, valueCountErrors } from '../labels';
import { invalidFor } from '../values';

type Affinity = NonNullable<PodSpec['affinity']>;
type NodeSelector = NonNullable<
  NonNullable<Affinity['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>;
type Term = NodeSelector['nodeSelectorTerms'][number];
type Requirement = NonNullable<Term['matchExpressions']>[number];
type PodAffinityTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number];

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Which nodes, and which neighbours, a pod must or would rather have (`validateAffinity`). */
export function validateAffinity(affinity: PodSpec['affinity'], path: string): FieldError[] {
  if (affinity === undefined) return [];
  const { nodeAffinity } = affinity;
  const must = nodeAffinity?.[REQUIRED];
  const errors = must === undefined ? [] : validateNodeSelector(must, `${path}.nodeAffinity.${REQUIRED}`);
  for (const [index, { weight, preference }] of (nodeAffinity?.[PREFERRED] ?? []).entries()) {
    const at = `${path}.nodeAffinity.${PREFERRED}[${index}]`;
    errors.push(...validateWeight(weight, at));
    // A preference that no label can meet does no harm: values are not held to the syntax of labels here.
    errors.push(...validateTerm(preference ?? {}, false, `${at}.preference`));
  }
  for (const field of ['podAffinity', 'podAntiAffinity'] as const) {
    for (const [index, term] of (affinity[field]?.[REQUIRED] ?? []).entries()) {
      errors.push(...validatePodTerm(term, `${path}.${field}.${REQUIRED}[${index}]`));
    }
    for (const [index, { weight, podAffinityTerm }] of (affinity[field]?.[PREFERRED] ?? []).entries()) {
      const at = `${path}.${field}.${PREFERRED}[${index}]`;
      errors.push(...validateWeight(weight, at));
      errors.push(...validatePodTerm(podAffinityTerm ?? { topologyKey: '' }, `${at}.podAffinityTerm`));
    }
  }
  return errors;
}

function validateWeight(weight: number | undefined, path: string): FieldError[] {
  const given = weight ?? 0;
  return given >= 1 && given <= 100 ? [] : [invalid(`${path}.weight`, given, 'must be in the range 1-100')];
}

/** Nodes by their labels and fields (`ValidateNodeSelector`). */
export function validateNodeSelector({ nodeSelectorTerms: terms }: NodeSelector, path: string): FieldError[] {
  const at = `${path}.nodeSelectorTerms`;
  if ((terms ?? []).length === 0) return [required(at, 'must have at least one node selector term')];
  return terms.flatMap((term, index) => validateTerm(term, true, `${at}[${index}]`));
}

function validateTerm({ matchExpressions, matchFields }: Term, strict: boolean, path: string): FieldError[] {
  return [
    ...(matchExpressions ?? []).flatMap((requirement, index) =>
      validateExpression(requirement, strict, `${path}.matchExpressions[${index}]`),
    ),
    ...(matchFields ?? []).flatMap((requirement, index) => validateField(requirement, `${path}.matchFields[${index}]`)),
  ];
}

const notAnOperator = (operator: string | undefined, path: string) =>
  invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator');

function validateExpression({ key, operator, values = [] }: Requirement, strict: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const counted = valueCountErrors(operator, values, path);
  if (counted !== undefined) errors.push(...counted);
  else if (operator !== 'Gt' && operator !== 'Lt') errors.push(notAnOperator(operator, path));
  else if (values.length !== 1) {
    errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  }
  errors.push(...invalidFor(`${path}.key`, key ?? '', qualifiedNameProblems));
  if (!strict) return errors;
  return errors.concat(
    values.flatMap((value, index) => invalidFor(`${path}.values[${index}]`, value, labelValueProblems)),
  );
}

function validateField({ key, operator, values = [] }: Requirement, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn') errors.push(notAnOperator(operator, path));
  else if (values.length !== 1) {
    const text = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(`${path}.values`, text));
  }
  if (key !== 'metadata.name') errors.push(invalid(`${path}.key`, key ?? '', 'not a valid field selector key'));
  else {
    for (const [index, value] of values.entries()) {
      errors.push(...invalidFor(`${path}.values[${index}]`, value, dns1123SubdomainProblems));
    }
  }
  return errors;
}

function validatePodTerm(term: PodAffinityTerm, path: string): FieldError[] {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey = '' } = term;
  return [
    ...validateLabelSelector(labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    // Upstream says `namespace`, and not which.
    ...namespaces.flatMap((name) => invalidFor(`${path}.namespace`, name, dns1123LabelProblems)),
    ...validateMatchLabelKeys(labelSelector, term.matchLabelKeys, term.mismatchLabelKeys, path),
    ...(topologyKey === '' ? [required(`${path}.topologyKey`, 'can not be empty')] : []),
    ...invalidFor(`${path}.topologyKey`, topologyKey, qualifiedNameProblems),
  ];
}

/** Keys whose values a pod's own labels give (`ValidateMatchLabelKeysAndMismatchLabelKeys`). */
export function validateMatchLabelKeys(
  selector: LabelSelector | undefined,
  match: readonly string[] = [],
  mismatch: readonly string[] = [],
  path: string,
): FieldError[] {
  const validateKeys = (keys: readonly string[], at: string): FieldError[] => {
    if (keys.length === 0) return [];
    if (selector === undefined) return [forbidden(at, 'must not be specified when labelSelector is not set')];
    return keys.flatMap((key, index) => invalidFor(`${at}[${index}]`, key, qualifiedNameProblems));
  };
  const errors = [
    ...validateKeys(match, `${path}.matchLabelKeys`),
    ...validateKeys(mismatch, `${path}.mismatchLabelKeys`),
  ];
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key } of selector?.matchExpressions ?? []) {
    // The keys' own expressions have been added to the selector by now: a second one is the user's.
    const index = match.lastIndexOf(key);
    if (index >= 0 && seen.has(key)) {
      errors.push(invalid(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'));
    }
    seen.add(key);
  }
  for (const [index, key] of match.entries()) {
    if (mismatch.includes(key)) {
      const text = 'exists in both matchLabelKeys and mismatchLabelKeys';
      errors.push(invalid(`${path}.matchLabelKeys[${index}]`, key, text));
    }
  }
  return errors;
}
