import type { DefinitionNames } from '../../../../../shared/kubernetes/custom-resource-definitions';
import { dns1035LabelProblems } from '../../../../../shared/kubernetes/label-syntax';
import { type FieldError, invalid } from '../../validation/field-error';

/** The names that a definition asks for or has been given (ValidateCustomResourceDefinitionNames). */
export function validateNames(names: Partial<DefinitionNames>, path: string): FieldError[] {
  const { plural = '', singular = '', kind = '', listKind = '', shortNames = [], categories = [] } = names;
  const label = (field: string, name: string) => {
    const problems = name === '' ? [] : dns1035LabelProblems(name);
    return problems.length === 0 ? [] : [invalid(`${path}.${field}`, name, problems.join(','))];
  };
  const mixedCase = (field: string, name: string) => {
    const problems = name === '' ? [] : dns1035LabelProblems(name.toLowerCase());
    const detail = `may have mixed case, but should otherwise match: ${problems.join(',')}`;
    return problems.length === 0 ? [] : [invalid(`${path}.${field}`, name, detail)];
  };
  /** In a list even an empty name is one. */
  const listed = (field: string, list: readonly string[]) =>
    list.flatMap((name, index) => {
      const problems = dns1035LabelProblems(name);
      return problems.length === 0 ? [] : [invalid(`${path}.${field}[${index}]`, name, problems.join(','))];
    });
  return [
    ...label('plural', plural),
    ...label('singular', singular),
    ...mixedCase('kind', kind),
    ...mixedCase('listKind', listKind),
    ...listed('shortNames', shortNames),
    ...(kind !== '' && kind === listKind
      ? [invalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same')]
      : []),
    ...listed('categories', categories),
  ];
}
