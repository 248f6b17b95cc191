import { messageOf } from '../../../../shared/error-message';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import {
  type FieldRequirement,
  type LabelSelector,
  parseFieldSelector,
  parseLabelSelector,
} from '../../../../shared/kubernetes/selectors';
import { badRequest } from '../status-errors';
import type { ResourceDefinition } from './definition';

type FieldValue = (object: KubeObject) => string;

const metadataFields: Readonly<Record<string, FieldValue>> = {
  'metadata.name': (object) => object.metadata.name ?? '',
  'metadata.namespace': (object) => object.metadata.namespace ?? '',
};

interface FieldTerm extends FieldRequirement {
  readonly read: FieldValue;
}

/** Which objects of a list or a watch are meant: by label and by field. */
export class Selection {
  readonly #labels: LabelSelector | undefined;
  readonly #fields: readonly FieldTerm[];

  /** @throws StatusError 400 when a selector cannot be read, or names a field that the kind does not offer. */
  constructor(definition: ResourceDefinition, labelSelector: string | undefined, fieldSelector: string | undefined) {
    try {
      const labels = parseLabelSelector(labelSelector ?? '');
      this.#labels = labels.isEmpty ? undefined : labels;
      this.#fields = parseFieldSelector(fieldSelector ?? '').map((term) => ({
        ...term,
        read: fieldReader(definition, term.field),
      }));
    } catch (error) {
      throw badRequest(messageOf(error));
    }
  }

  /** Whether every object is meant. */
  get isEmpty(): boolean {
    return this.#labels === undefined && this.#fields.length === 0;
  }

  /** The one name meant, when the selection says so. */
  get name(): string | undefined {
    return this.#required('metadata.name');
  }

  /** The one namespace meant, when the selection says so. */
  get namespace(): string | undefined {
    return this.#required('metadata.namespace') || undefined;
  }

  #required(name: string): string | undefined {
    return this.#fields.find(({ field, operator }) => field === name && operator === '=')?.value;
  }

  matches(object: KubeObject): boolean {
    if (this.#labels !== undefined && !this.#labels.matches(object.metadata.labels)) return false;
    return this.#fields.every(({ read, operator, value }) => (read(object) === value) === (operator === '='));
  }
}

function fieldReader(definition: ResourceDefinition, field: string): FieldValue {
  const read = metadataFields[field] ?? definition.fieldLabels?.[field];
  if (read !== undefined) return read;
  const { fieldLabels, refuseFieldLabel = (label) => `field label not supported: ${label}` } = definition;
  if (fieldLabels !== undefined) throw new Error(refuseFieldLabel(field));
  throw new Error(`${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`);
}
