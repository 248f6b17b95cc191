import type { RowsEvent } from '../../../../shared/contract/rows';
import { kindById } from '../../../../shared/kinds/index';
import type { KindDefinition, Row } from '../../../../shared/kinds/kind';

export function kindOf(id: string): KindDefinition {
  const kind = kindById(id);
  if (kind === undefined) throw new Error(`no kind ${id}`);
  return kind;
}

/** A pod's row with a name, and cells by the ids of their columns. */
export function podRow(name: string, cells: Record<string, string | number | null> = {}, more: Partial<Row> = {}): Row {
  return {
    id: `uid-${name}`,
    name,
    namespace: 'default',
    created: 0,
    health: 'ok',
    labels: [],
    cells: kindOf('pods').columns.map((column) => cells[column.id] ?? null),
    ...more,
  };
}

export function rowsEvent(changed: readonly Row[], removed: readonly string[] = []): RowsEvent {
  return { type: 'rows', changed, removed };
}
