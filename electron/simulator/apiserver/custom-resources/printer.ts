import { humanDuration } from '../../../../shared/kubernetes/ages';
import type { PrinterColumn } from '../../../../shared/kubernetes/custom-resource-definitions';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import { ageColumn, type Cell, nameColumn, nameOf, since } from '../printers/columns';
import type { TableColumn, TablePrinter } from '../registry/definition';
import { parseJsonPath } from './json-path';

/** What is shown of a kind whose definition says nothing of columns. */
const AGE: PrinterColumn = { name: ageColumn.name, type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** Custom resources in a Table, by their definition's columns (apiextensions' registry/customresource/tableconvertor). */
export function customPrinter(columns: readonly PrinterColumn[] = []): TablePrinter<KubeObject> {
  const shown = (columns.length === 0 ? [AGE] : columns).map((column) => ({
    column,
    read: parseJsonPath(column.jsonPath),
  }));
  return {
    columns: [nameColumn, ...shown.map(({ column }) => tableColumn(column))],
    cells: (object, now) => [
      nameOf(object),
      ...shown.map(({ column, read }) => cellOf(column.type, read?.(object)[0], now)),
    ],
  };
}

function tableColumn({ name, type, format = '', description, priority = 0, jsonPath }: PrinterColumn): TableColumn {
  const path = `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  // Validation lets only these types in.
  return { name, type: type as TableColumn['type'], format, description: description || path, priority };
}

function cellOf(type: string, value: unknown, now: number): Cell {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? dateCell(value, now) : null;
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

function dateCell(text: string, now: number): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return '<invalid>';
  return time > now ? humanDuration(0) : since(text, now);
}
