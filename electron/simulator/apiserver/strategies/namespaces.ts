import { dns1123LabelProblems, qualifiedNameProblems } from '../../../../shared/kubernetes/label-syntax';
import type { Namespace } from '../../../../shared/kubernetes/objects';
import { namespaces } from '../../../../shared/kubernetes/resources';
import { setOrDrop } from '../json';
import { namespacePrinter } from '../printers/config';
import type { ResourceDefinition } from '../registry/definition';
import { maskTrailingDash } from '../registry/object-meta';
import { type FieldError, invalid } from '../validation/field-error';
import { invalidFor } from '../validation/values';

/** A finalizer is Kubernetes' own or has a domain (`validateFinalizerName`). */
function finalizerErrors(name: string, path: string): FieldError[] {
  const errors = invalidFor(path, name, qualifiedNameProblems);
  if (name.includes('/') || STANDARD.includes(name)) return errors;
  return [...errors, invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified')];
}

/** The phase says whether it is being deleted, and nothing else (`ValidateNamespaceStatusUpdate`). */
function validatePhase({ metadata, status }: Namespace): FieldError[] {
  const ends = metadata.deletionTimestamp !== undefined;
  const phase = ends ? 'Terminating' : 'Active';
  if (status?.phase === phase) return [];
  const why = `may only be '${phase}' if \`deletionTimestamp\` is ${ends ? 'not ' : ''}empty`;
  return [invalid('status.Phase', status?.phase ?? '', why)];
}

const STANDARD = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Every namespace carries its own name, so that selectors can choose it. */
const NAME_LABEL = 'kubernetes.io/metadata.name';
const FINALIZER = 'kubernetes';

export const namespaceDefinition: ResourceDefinition<Namespace> = {
  resource: namespaces,
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  hasStatus: true,
  printer: namespacePrinter,
  strategy: {
    applyDefaults(namespace) {
      const { name } = namespace.metadata;
      if (name) namespace.metadata.labels = { ...namespace.metadata.labels, [NAME_LABEL]: name };
      namespace.spec ??= {};
      namespace.status ??= {};
      namespace.status.phase ||= 'Active';
    },
    prepareForCreate(namespace) {
      const finalizers = new Set(namespace.spec?.finalizers).add(FINALIZER);
      namespace.spec = { finalizers: [...finalizers] };
      namespace.status = { phase: 'Active' };
      const { name } = namespace.metadata;
      if (name) namespace.metadata.labels = { ...namespace.metadata.labels, [NAME_LABEL]: name };
    },
    prepareForUpdate(namespace, old) {
      // Finalizers are taken off by /finalize only.
      namespace.spec = { ...old.spec };
      if (old.status !== undefined) namespace.status = old.status;
    },
    finalize: {
      prepareForUpdate: (namespace, old) => setOrDrop(namespace, 'status', old.status),
      validateUpdate: ({ spec }) =>
        (spec?.finalizers ?? []).flatMap((name, index) => finalizerErrors(name, `spec.finalizers[${index}]`)),
    },
    resetFields: { '': [['f:status']], status: [['f:spec']], finalize: [['f:status']] },
    prepareForDelete(namespace) {
      // Upstream's own Delete marks it and nothing else.
      delete namespace.metadata.deletionGracePeriodSeconds;
      namespace.status = { ...namespace.status, phase: 'Terminating' };
    },
    // To be marked comes before all else, whatever it holds.
    holdsDeletion: ({ metadata, spec }) =>
      metadata.deletionTimestamp === undefined || (spec?.finalizers ?? []).length > 0,
    validateCreate: ({ spec }) => (spec?.finalizers ?? []).flatMap((name) => finalizerErrors(name, 'spec.finalizers')),
    validateStatusUpdate: validatePhase,
    validateName: (name, isPrefix) => dns1123LabelProblems(isPrefix ? maskTrailingDash(name) : name),
  },
  fieldLabels: { 'status.phase': (namespace) => namespace.status?.phase ?? '' },
  // All at once cannot be deleted.
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }],
};
