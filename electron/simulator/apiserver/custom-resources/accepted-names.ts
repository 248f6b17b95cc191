import { type AnyCondition, isConditionTrue } from '../../../../shared/kubernetes/conditions';
import type {
  CustomResourceDefinition,
  DefinitionNames,
} from '../../../../shared/kubernetes/custom-resource-definitions';
import { aggregateText } from '../go-text';
import { deepEqual, setOrDrop } from '../json';

/** What a definition may call itself beside the others of its group. */
export interface NamesVerdict {
  readonly acceptedNames: DefinitionNames;
  readonly conditions: readonly AnyCondition[];
}

/**
 * Gives a definition the names that nobody else in its group has (apiextensions' naming_controller.go and
 * establishing_controller.go). What it was given once it keeps.
 * @param all every definition, this one too.
 */
export function judgeNames(
  definition: CustomResourceDefinition,
  all: readonly CustomResourceDefinition[],
): NamesVerdict {
  const wanted = definition.spec.names;
  const accepted: DefinitionNames = { plural: '', kind: '', ...definition.status?.acceptedNames };
  const used = all
    .filter(({ spec }) => spec.group === definition.spec.group)
    .flatMap(({ status }) => status?.acceptedNames ?? []);
  const resources = new Set(
    used.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]),
  );
  const kinds = new Set(used.flatMap(({ kind, listKind = '' }) => [kind, listKind]));
  const next = { ...accepted };
  let conflict: AnyCondition | undefined;
  const refuse = (reason: string, names: readonly string[]) => {
    const message = aggregateText(names.map((name) => `${JSON.stringify(name)} is already in use`));
    conflict = { type: 'NamesAccepted', status: 'False', reason, message };
  };
  const choose = (field: 'plural' | 'singular' | 'kind' | 'listKind', taken: ReadonlySet<string>, reason: string) => {
    const name = wanted[field] ?? '';
    if (name !== (accepted[field] ?? '') && taken.has(name)) refuse(reason, [name]);
    else if (wanted[field] !== undefined) next[field] = name;
  };
  choose('plural', resources, 'PluralConflict');
  choose('singular', resources, 'SingularConflict');
  const own = new Set(accepted.shortNames);
  const lost = (wanted.shortNames ?? []).filter((name) => !own.has(name) && resources.has(name));
  if (lost.length > 0) refuse('ShortNamesConflict', lost);
  else setOrDrop(next, 'shortNames', wanted.shortNames);
  choose('kind', kinds, 'KindConflict');
  choose('listKind', kinds, 'ListKindConflict');
  setOrDrop(next, 'categories', wanted.categories);

  const conditions: AnyCondition[] = [
    conflict ?? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
  ];
  // Once established, it stays.
  if (!isConditionTrue(definition.status?.conditions, 'Established')) {
    conditions.push(
      conflict === undefined
        ? {
            type: 'Established',
            status: 'True',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          }
        : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    );
  }
  return { acceptedNames: deepEqual(next, accepted) ? accepted : next, conditions };
}
