import { labelValueProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { LabelSelector } from '../../../../shared/kubernetes/meta';
import { type FieldError, forbidden, invalid, required, tooLong } from './field-error';

type Labels = Readonly<Record<string, string>> | undefined;

/** The keys of labels or of a node selector, and their values (`ValidateLabels`). */
export function validateLabels(labels: Labels, path: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalid(path, key, problem)),
    ...labelValueProblems(value).map((problem) => invalid(path, value, problem)),
  ]);
}

const ANNOTATIONS_LIMIT = 256 * 1024;

/** The keys of annotations, and their size altogether (`ValidateAnnotations`). */
export function validateAnnotations(annotations: Labels, path: string): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const errors = entries.flatMap(([key]) =>
    qualifiedNameProblems(key.toLowerCase()).map((problem) => invalid(path, key, problem)),
  );
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (size > ANNOTATIONS_LIMIT) errors.push(tooLong(path, ANNOTATIONS_LIMIT));
  return errors;
}

/**
 * Whether an expression of a label or a node selector has as many values as its operator wants.
 * @returns `undefined` for an operator that only one of the two knows, or none.
 */
export function valueCountErrors(
  operator: string | undefined,
  values: readonly string[],
  path: string,
): FieldError[] | undefined {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return [];
      return [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return [];
      return [forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    default:
      return undefined;
  }
}

/** A selector inside an object (`ValidateLabelSelector`). */
export function validateLabelSelector(selector: LabelSelector | undefined, path: string): FieldError[] {
  const errors = validateLabels(selector?.matchLabels, `${path}.matchLabels`);
  for (const [index, { key, operator, values = [] }] of (selector?.matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${index}]`;
    errors.push(
      ...(valueCountErrors(operator, values, at) ?? [
        invalid(`${at}.operator`, operator, 'not a valid selector operator'),
      ]),
    );
    errors.push(...qualifiedNameProblems(key ?? '').map((problem) => invalid(`${at}.key`, key ?? '', problem)));
    for (const [place, value] of values.entries()) {
      errors.push(...labelValueProblems(value).map((problem) => invalid(`${at}.values[${place}]`, value, problem)));
    }
  }
  return errors;
}
