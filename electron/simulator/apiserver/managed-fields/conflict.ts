import type { StatusError } from '../../../../shared/kubernetes/status-error';
import { failure } from '../status-errors';
import { type FieldSet, paths } from './field-set';
import { compareText } from './managed-fields';
import type { Manager } from './manager';

/** Fields that another manager has and that an apply would change. */
export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** The 409 that says what each conflict is (fieldmanager/conflict.go). @param conflicts at least one. */
export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const fields = conflicts
    .flatMap((conflict) => [...paths(conflict.fields)].map((path) => ({ manager: described(conflict.manager), path })))
    .sort((a, b) => compareText(a.manager, b.manager));
  return failure(409, 'Conflict', summary(fields), {
    causes: fields.map(({ manager, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${manager}`,
      field: path,
    })),
  });
}

function summary(fields: readonly { manager: string; path: string }[]): string {
  const [first] = fields;
  if (first !== undefined && fields.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`;
  }
  const lines = [...new Set(fields.map(({ manager }) => manager))].flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...fields.filter((field) => field.manager === manager).map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${fields.length} conflicts: ${lines.join('\n')}`;
}

function described({ name, operation, apiVersion, subresource }: Manager): string {
  const text = `${JSON.stringify(name)}${subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`}`;
  return operation === 'Update' ? `${text} using ${apiVersion}` : text;
}
