import { type ColumnDef, columnSizingFeature, columnVisibilityFeature, tableFeatures } from '@tanstack/react-table';
import type { Cell, CellType, KindDefinition, Row } from '../../shared/kinds/kind';

export const features = tableFeatures({ columnVisibilityFeature, columnSizingFeature });

/** A table's column, as all of its parts see it. */
export interface GridColumn {
  readonly id: string;
  readonly title: string;
  readonly type: CellType | 'name' | 'namespace';
  /** Pixels. */
  readonly width: number;
  readonly wide: boolean;
  readonly linksTo: string | undefined;
  value(row: Row): Cell;
}

const widths: Readonly<Record<GridColumn['type'], number>> = {
  name: 280,
  namespace: 140,
  text: 160,
  status: 150,
  list: 200,
  number: 80,
  cpu: 80,
  bytes: 90,
  ratio: 80,
  time: 90,
  boolean: 90,
};

/** Name, namespace, the kind's own columns, age. */
export function gridColumns(kind: KindDefinition): readonly GridColumn[] {
  const plain = { wide: false, linksTo: undefined };
  const own = kind.columns.map((column, index): GridColumn => {
    const type = column.type ?? 'text';
    return {
      id: column.id,
      title: column.title,
      type,
      width: column.width ?? widths[type],
      wide: column.wide ?? false,
      linksTo: column.linksTo,
      value: (row) => row.cells[index] ?? null,
    };
  });
  const namespace: GridColumn = {
    ...plain,
    id: 'namespace',
    title: 'Namespace',
    type: 'namespace',
    width: widths.namespace,
    value: (row) => row.namespace,
  };
  return [
    { ...plain, id: 'name', title: 'Name', type: 'name', width: widths.name, value: (row) => row.name },
    ...(kind.resource.namespaced ? [namespace] : []),
    ...own,
    { ...plain, id: 'age', title: 'Age', type: 'time', width: 80, value: (row) => row.created },
  ];
}

/** The same for TanStack Table, which keeps which of them are shown, and how wide. */
export function columnDefinitions(columns: readonly GridColumn[]): ColumnDef<typeof features, Row>[] {
  return columns.map((column) => ({
    id: column.id,
    header: column.title,
    accessorFn: column.value,
    size: column.width,
    minSize: 48,
    maxSize: 1200,
  }));
}

/** Numbers and ages are read from the right. */
export function isRightAligned(column: GridColumn): boolean {
  return ['number', 'cpu', 'bytes', 'ratio', 'time'].includes(column.type);
}
