import type { ObjectMeta } from '../../../../shared/kubernetes/objects';
import { groupResourceOf } from '../../../../shared/kubernetes/resources';
import type { FieldError } from '../validation/field-error';
import type { ResourceDefinition } from './definition';
import { validateCommonFields, validateObjectMeta, validateObjectMetaUpdate } from './object-meta';

/** Metadata by itself, or as a change. */
type Look = 'whole' | 'change';

/** How a kind's own validation of a change looks at metadata once more, where it is not as a change only. */
const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  ...each(
    ['change', 'whole'],
    ['configmaps', 'secrets', 'serviceaccounts', 'pods', 'persistentvolumeclaims', 'endpoints'],
  ),
  ...each(['change', 'whole'], ['ingresses.networking.k8s.io']),
  ...each(
    ['whole', 'change'],
    ['namespaces', 'nodes', 'jobs.batch', 'networkpolicies.networking.k8s.io', 'storageclasses.storage.k8s.io'],
  ),
  ...each(
    ['whole', 'change'],
    ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map((name) => `${name}.rbac.authorization.k8s.io`),
  ),
  ...each(['whole'], ['limitranges', 'endpointslices.discovery.k8s.io']),
  ...each(['whole', 'whole'], ['persistentvolumes']),
  ...each([], ['poddisruptionbudgets.policy', 'events', 'events.events.k8s.io']),
};

function each(looks: readonly Look[], names: readonly string[]): Record<string, readonly Look[]> {
  return Object.fromEntries(names.map((name) => [name, looks]));
}

const looksOf = ({ resource }: ResourceDefinition) => LOOKS[groupResourceOf(resource)] ?? ['change'];

/** Whether a kind's own validation leaves metadata alone: what all kinds share is all that is looked at. */
export const leavesMetadata = (definition: ResourceDefinition): boolean => looksOf(definition).length === 0;

/**
 * What is wrong with the metadata of a changed object, as often as upstream finds it: before all strategies, and then by
 * the kind's own validation.
 * @returns what is said before the kind's rules, and what is said amid them, before those of a change.
 */
export function metadataErrors(
  definition: ResourceDefinition,
  metadata: ObjectMeta,
  old: ObjectMeta,
): { readonly first: FieldError[]; readonly amid: FieldError[] } {
  const common = validateCommonFields(metadata, old, definition.resource.namespaced);
  const looks = looksOf(definition);
  const errors = looks.map((look) =>
    look === 'whole' ? validateObjectMeta(metadata, definition) : validateObjectMetaUpdate(metadata, old, definition),
  );
  const [whole = [], change = []] = errors;
  return looks.join() === 'whole,change'
    ? { first: [...common, ...whole], amid: change }
    : { first: [...common, ...errors.flat()], amid: [] };
}
