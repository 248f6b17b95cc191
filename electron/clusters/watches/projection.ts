import { messageOf } from '../../../shared/error-message';
import type { Health, KindDefinition, Row } from '../../../shared/kinds/kind';
import type { KubeObject } from '../../../shared/kubernetes/objects';

/**
 * An object as a line of its kind's table. Never throws: an object that its kind's columns cannot read (a server of
 * another version, a hand-made CRD) becomes a row that says so.
 */
export function projectRow(definition: KindDefinition, object: KubeObject): Row {
  const { metadata } = object;
  const health = healthOf(definition, object);
  const deleting = metadata.deletionTimestamp === undefined ? undefined : Date.parse(metadata.deletionTimestamp);
  return {
    id: rowId(object),
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    created: metadata.creationTimestamp === undefined ? 0 : Date.parse(metadata.creationTimestamp),
    health: health.state,
    labels: Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(deleting === undefined ? {} : { deleting }),
    cells: definition.columns.map((column) => {
      try {
        return column.value(object);
      } catch (error) {
        return column.type === 'status' ? `Cannot be read: ${messageOf(error)}` : null;
      }
    }),
  };
}

/** The health by the kind's rules, or why they cannot be applied. */
function healthOf(definition: KindDefinition, object: KubeObject): Health {
  try {
    return definition.health(object);
  } catch (error) {
    return { state: 'warning', label: 'Cannot be read', message: messageOf(error) };
  }
}

/** The uid; servers give one to all they store, but some aggregated APIs do not. */
export function rowId({ metadata }: KubeObject): string {
  return metadata.uid ?? `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}
