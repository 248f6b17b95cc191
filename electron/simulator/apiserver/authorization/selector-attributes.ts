import { labelValueProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import {
  parseFieldSelector,
  parseLabelSelector,
  selectorFromLabelSelector,
} from '../../../../shared/kubernetes/selectors';
import { type FieldError, forbidden, invalid, required } from '../validation/field-error';

type Kind = 'fieldSelector' | 'labelSelector';

interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

/** `FieldSelectorAttributes` or `LabelSelectorAttributes`: a selector as a text, or as a list of requirements. */
export interface SelectorAttributes {
  readonly rawSelector?: string;
  readonly requirements?: readonly Requirement[];
}

/** As it is answered: an operator is never left out. */
export function withOperators({ requirements, ...rest }: SelectorAttributes): SelectorAttributes {
  if (requirements === undefined) return rest;
  return { ...rest, requirements: requirements.map((requirement) => ({ operator: '', ...requirement })) };
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** pkg/apis/authorization/validation `validateFieldSelectorAttributes` and its sibling. */
export function validateSelector(kind: Kind, selector: SelectorAttributes | undefined, path: string): FieldError[] {
  if (selector === undefined) return [];
  const { rawSelector = '', requirements = [] } = selector;
  const errors: FieldError[] = [];
  if (rawSelector !== '' && requirements.length > 0) {
    errors.push(invalid(`${path}.rawSelector`, rawSelector, 'may not specified at the same time as requirements'));
  }
  if (rawSelector === '' && requirements.length === 0) {
    const text = `when ${path} is specified, requirements or rawSelector is required`;
    errors.push(required(`${path}.requirements`, text));
  }
  for (const [index, requirement] of requirements.entries()) {
    errors.push(...validateRequirement(kind, requirement, `${path}.requirements[${index}]`));
  }
  return errors;
}

/** Operators that this server does not know are let through: newer clients may know more. */
function validateRequirement(kind: Kind, { key = '', operator, values = [] }: Requirement, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (kind === 'fieldSelector' && key === '') errors.push(required(`${path}.key`, 'must be specified'));
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
    errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  }
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
    errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  }
  if (kind === 'labelSelector') {
    errors.push(...qualifiedNameProblems(key).map((problem) => invalid(`${path}.key`, key, problem)));
    for (const [index, value] of values.entries()) {
      errors.push(...labelValueProblems(value).map((problem) => invalid(`${path}.values[${index}]`, value, problem)));
    }
  }
  return errors;
}

/**
 * The selector in the query's grammar. What cannot be understood is left out, which asks for more than was meant, never
 * for less (pkg/registry/authorization/util).
 */
export function selectorText(
  kind: Kind,
  selector: SelectorAttributes | undefined,
): { text: string; faults: readonly string[] } {
  const { rawSelector = '', requirements = [] } = selector ?? {};
  const field = `spec.resourceAttributes.${kind}`;
  if (requirements.length === 0) {
    try {
      if (kind === 'fieldSelector') parseFieldSelector(rawSelector);
      else parseLabelSelector(rawSelector);
      return { text: rawSelector, faults: [] };
    } catch {
      // What is wrong with it is not told, as upstream does not.
      return { text: '', faults: [`${field} ignored due to parse error`] };
    }
  }
  const texts = requirements.flatMap((requirement) => requirementText(kind, requirement) ?? []);
  if (texts.length === requirements.length) return { text: texts.join(','), faults: [] };
  const partially = texts.length === 0 ? '' : 'partially ';
  return { text: texts.join(','), faults: [`${field} ${partially}ignored due to parse error`] };
}

function requirementText(kind: Kind, { key = '', operator = '', values = [] }: Requirement): string | undefined {
  if (!OPERATORS.includes(operator)) return undefined;
  if (kind === 'labelSelector') {
    try {
      return selectorFromLabelSelector({ matchExpressions: [{ key, operator, values: [...values] }] }).toString();
    } catch {
      // Values that no label can have.
      return undefined;
    }
  }
  const [value] = values;
  if (values.length !== 1 || value === undefined) return undefined;
  if (operator !== 'In' && operator !== 'NotIn') return undefined;
  const escaped = value.replace(/[\\,=]/g, (char) => `\\${char}`);
  return `${key}${operator === 'In' ? '=' : '!='}${escaped}`;
}
