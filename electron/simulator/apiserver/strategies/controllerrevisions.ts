import type { ControllerRevision } from '../../../../shared/kubernetes/objects';
import { controllerRevisions } from '../../../../shared/kubernetes/resources';
import { controllerRevisionPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { type FieldError, required } from '../validation/field-error';
import { immutable, nonNegative } from '../validation/values';

export const controllerRevisionDefinition: ResourceDefinition<ControllerRevision> = {
  resource: controllerRevisions,
  singular: 'controllerrevision',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: controllerRevisionPrinter,
  strategy: {
    applyDefaults(revision) {
      revision.revision ??= 0;
    },
    validate: ({ revision }) => nonNegative(revision, 'revision'),
    validateCreate: ({ data }) => validateData(data),
    validateUpdate: (revision, old) => immutable(sorted(revision.data), sorted(old.data), 'data'),
  },
};

/** A state of something is an object (`ValidateControllerRevisionCreate`). */
function validateData(data: unknown): FieldError[] {
  if (data === undefined || data === null) return [required('data', 'data is mandatory')];
  if (typeof data !== 'object' || Array.isArray(data)) return [required('data', 'data must be a valid JSON object')];
  return [];
}

/** With the keys of all maps in order, as messages show them. */
function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (typeof data !== 'object' || data === null) return data;
  const entries = Object.entries(data).map(([key, value]) => [key, sorted(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
