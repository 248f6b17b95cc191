import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  pathSegmentProblems,
  qualifiedNameProblems,
} from '../../../../shared/kubernetes/label-syntax';
import type { ObjectMeta } from '../../../../shared/kubernetes/objects';
import { deepEqual } from '../json';
import { type FieldError, forbidden, invalid, required } from '../validation/field-error';
import type { ResourceDefinition } from './definition';

/** Rules of `metadata` that all kinds share (k8s.io/apimachinery/pkg/api/validation/objectmeta.go). */

/** Keys and values of all annotations together, in bytes. */
const ANNOTATIONS_BOUND = 256 * 1024;

const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Groups whose validation of metadata is the general one alone, which lets any finalizer be. */
const WITH_ANY_FINALIZER = new Set(['apiextensions.k8s.io', 'coordination.k8s.io', 'policy']);

/** What is wrong with the metadata of a new object (pkg/apis/core/validation, `ValidateObjectMeta`). */
export function validateObjectMeta(metadata: ObjectMeta, definition: ResourceDefinition): FieldError[] {
  const { resource, strategy } = definition;
  const errors = validateMetadata(metadata, {
    path: 'metadata',
    namespaced: resource.namespaced,
    nameProblems: (name, isPrefix) =>
      strategy.validateName?.(name, isPrefix) ?? dns1123SubdomainProblems(isPrefix ? maskTrailingDash(name) : name),
  });
  return [...errors, ...validateKubeFinalizers(metadata, definition)];
}

/** What is wrong with any changed object's metadata (registry/rest/update.go, `validateCommonFields`). */
export function validateCommonFields(metadata: ObjectMeta, old: ObjectMeta, namespaced: boolean): FieldError[] {
  const rules = { path: 'metadata', namespaced, nameProblems: pathSegmentProblems };
  return [...validateMetadata(metadata, rules), ...validateChange(metadata, old)];
}

/**
 * What the validation of a kind says once more of its changed metadata (pkg/apis/core/validation,
 * `ValidateObjectMetaUpdate`): each look leaves its causes in the answer.
 */
export function validateObjectMetaUpdate(
  metadata: ObjectMeta,
  old: ObjectMeta,
  definition: ResourceDefinition,
): FieldError[] {
  return [...validateChange(metadata, old), ...validateKubeFinalizers(metadata, definition)];
}

/** What the rules of metadata depend on. */
export interface MetadataRules {
  /** Where it stands. */
  readonly path: string;
  readonly namespaced: boolean;
  nameProblems(name: string, isPrefix: boolean): string[];
}

/** What is wrong with metadata, wherever it stands (`ValidateObjectMetaAccessor`). */
export function validateMetadata(metadata: ObjectMeta, rules: MetadataRules): FieldError[] {
  const { path } = rules;
  return [
    ...validateNames(metadata, rules),
    ...validateMembers(metadata, path),
    ...validateFinalizers(metadata.finalizers ?? [], `${path}.finalizers`),
  ];
}

const validateMembers = (metadata: ObjectMeta, path: string): FieldError[] => [
  ...validateLabels(metadata.labels, `${path}.labels`),
  ...validateAnnotations(metadata.annotations, `${path}.annotations`),
  ...validateOwnerReferences(metadata, `${path}.ownerReferences`),
];

function validateNames(
  metadata: ObjectMeta,
  { path, namespaced, nameProblems: problems }: MetadataRules,
): FieldError[] {
  const errors: FieldError[] = [];
  if (metadata.generateName) {
    for (const problem of problems(metadata.generateName, true)) {
      errors.push(invalid(`${path}.generateName`, metadata.generateName, problem));
    }
  }
  if (!metadata.name) errors.push(required(`${path}.name`, 'name or generateName is required'));
  else
    for (const problem of problems(metadata.name, false)) errors.push(invalid(`${path}.name`, metadata.name, problem));
  if (!namespaced) {
    if (metadata.namespace) {
      errors.push({
        type: 'FieldValueForbidden',
        field: `${path}.namespace`,
        message: 'Forbidden: not allowed on this type',
      });
    }
  } else if (!metadata.namespace) errors.push(required(`${path}.namespace`));
  else {
    for (const problem of dns1123LabelProblems(metadata.namespace)) {
      errors.push(invalid(`${path}.namespace`, metadata.namespace, problem));
    }
  }
  return errors;
}

/** A generated name's base may end in a dash: what is appended makes it whole. */
export function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -1)}a` : name;
}

function validateLabels(labels: ObjectMeta['labels'], field: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalid(field, key, problem)),
    ...labelValueProblems(value).map((problem) => invalid(field, value, problem)),
  ]);
}

function validateAnnotations(annotations: ObjectMeta['annotations'], field: string): FieldError[] {
  let size = 0;
  const errors = Object.entries(annotations ?? {}).flatMap(([key, value]) => {
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
    return qualifiedNameProblems(key.toLowerCase()).map((problem) => invalid(field, key, problem));
  });
  if (size > ANNOTATIONS_BOUND) {
    errors.push({
      type: 'FieldValueTooLong',
      field,
      message: `Too long: may not be more than ${ANNOTATIONS_BOUND} bytes`,
    });
  }
  return errors;
}

function validateOwnerReferences({ ownerReferences = [] }: ObjectMeta, field: string): FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const owner of ownerReferences) {
    if (!owner.apiVersion) errors.push(invalid(`${field}.apiVersion`, '', 'version must not be empty'));
    if (!owner.kind) errors.push(invalid(`${field}.kind`, '', 'must not be empty'));
    if (!owner.name) errors.push(invalid(`${field}.name`, '', 'must not be empty'));
    if (!owner.uid) errors.push(invalid(`${field}.uid`, '', 'must not be empty'));
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      errors.push(invalid(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (owner.controller !== true) continue;
    if (controller !== undefined) {
      const problem = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${owner.kind}/${owner.name}`;
      errors.push(invalid(field, ownerReferences, problem));
    }
    controller = `${owner.kind}/${owner.name}`;
  }
  return errors;
}

/** `ValidateFinalizers`. */
function validateFinalizers(finalizers: readonly string[], field: string): FieldError[] {
  const errors = finalizers.flatMap((finalizer) =>
    qualifiedNameProblems(finalizer).map((problem) => invalid(field, finalizer, problem)),
  );
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return errors;
}

/** A finalizer is Kubernetes' own or has a domain (pkg/apis/core/validation, `validateKubeFinalizerName`). */
function validateKubeFinalizers({ finalizers = [] }: ObjectMeta, definition: ResourceDefinition): FieldError[] {
  if (definition.isCustom === true || WITH_ANY_FINALIZER.has(definition.resource.group)) return [];
  const problem = 'name is neither a standard finalizer name nor is it fully qualified';
  return finalizers.flatMap((finalizer, index) =>
    finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer)
      ? []
      : [invalid(`metadata.finalizers[${index}]`, finalizer, problem)],
  );
}

const IMMUTABLE = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/**
 * Leaves out empty maps and lists, which upstream's encoding has no words for (`omitempty` in
 * k8s.io/apimachinery/pkg/apis/meta/v1/types.go).
 */
export function omitEmptyMetadata(metadata: ObjectMeta): void {
  if (metadata.finalizers?.length === 0) delete metadata.finalizers;
  if (metadata.ownerReferences?.length === 0) delete metadata.ownerReferences;
  for (const key of ['labels', 'annotations'] as const) {
    const map = metadata[key];
    if (map !== undefined && Object.keys(map).length === 0) delete metadata[key];
  }
}

/** Gives the server's own metadata back where an update leaves it out (registry/rest/update.go BeforeUpdate). */
export function keepServerMetadata(metadata: ObjectMeta, old: ObjectMeta): void {
  if (!metadata.uid) assign(metadata, 'uid', old.uid);
  if (old.creationTimestamp) metadata.creationTimestamp = old.creationTimestamp;
  assign(metadata, 'generation', old.generation);
  // A deletion that has begun cannot be taken back.
  if (old.deletionTimestamp !== undefined) metadata.deletionTimestamp = old.deletionTimestamp;
  if (old.deletionGracePeriodSeconds !== undefined)
    metadata.deletionGracePeriodSeconds ??= old.deletionGracePeriodSeconds;
}

function assign<K extends keyof ObjectMeta>(metadata: ObjectMeta, key: K, value: ObjectMeta[K]): void {
  if (value === undefined) delete metadata[key];
  else metadata[key] = value;
}

/** `ValidateObjectMetaAccessorUpdate`. */
function validateChange(metadata: ObjectMeta, old: ObjectMeta): FieldError[] {
  return [
    ...(old.deletionTimestamp === undefined ? [] : newFinalizers(metadata, old)),
    ...IMMUTABLE.filter((key) => !deepEqual(metadata[key], old[key])).map((key) =>
      invalid(`metadata.${key}`, metadata[key] ?? '', 'field is immutable'),
    ),
    ...validateMembers(metadata, 'metadata'),
  ];
}

/** Once an object is being deleted nobody can hold it up anew. */
function newFinalizers({ finalizers = [] }: ObjectMeta, old: ObjectMeta): FieldError[] {
  const added = finalizers.filter((finalizer) => !old.finalizers?.includes(finalizer));
  if (added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [forbidden('metadata.finalizers', why)];
}
