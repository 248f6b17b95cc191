import type { ControllerRevision } from '../../../../shared/kubernetes/objects';
import { controllerRevisions } from '../../../../shared/kubernetes/resources';
import { controllerRevisionPrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { invalid } from '../validation/field-error';
import { immutable } from '../validation/values';

export const controllerRevisionDefinition: ResourceDefinition<ControllerRevision> = {
  resource: controllerRevisions,
  singular: 'controllerrevision',
  shortNames: [],
  categories: [],
  hasStatus: false,
  printer: controllerRevisionPrinter,
  strategy: {
    validate: (revision) =>
      (revision.revision ?? 0) < 0 ? [invalid('revision', revision.revision, 'must be non-negative')] : [],
    validateUpdate: (revision, old) => immutable(revision.data, old.data, 'data'),
  },
};
