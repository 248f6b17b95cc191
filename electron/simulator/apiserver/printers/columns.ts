import { humanDuration } from '../../../../shared/kubernetes/ages';
import type { KubeObject } from '../../../../shared/kubernetes/objects';
import type { TableColumn, TablePrinter } from '../registry/definition';

/** A cell of a table. */
export type Cell = string | number | boolean | null;

type ColumnType = TableColumn['type'];

/** A column that is always shown. */
export function column(name: string, description: string, type: ColumnType = 'string'): TableColumn {
  return { name, type, format: '', description, priority: 0 };
}

/** A column of `-o wide`. */
export function wide(name: string, description: string, type: ColumnType = 'string'): TableColumn {
  return { name, type, format: '', description, priority: 1 };
}

/** The first column of almost every kind; kubectl finds the name by its format. */
export const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
};

export const ageColumn = column('Age', 'How long ago the object was created.');

/** How long ago a moment was; `<unknown>` without one, or where there is a null for it. */
export function since(time: string | null | undefined, now: number): string {
  return !time ? '<unknown>' : humanDuration(now - Date.parse(time));
}

/** The cell below {@link ageColumn}. */
export function age(object: KubeObject, now: number): string {
  return since(object.metadata.creationTimestamp, now);
}

export function nameOf(object: KubeObject): string {
  return object.metadata.name ?? '';
}

/** For kinds that show when they were made instead of how long ago, and nothing else. */
export const createdAtPrinter: TablePrinter<KubeObject> = {
  columns: [nameColumn, column('Created At', 'When the object was created.', 'date')],
  cells: (object) => [nameOf(object), object.metadata.creationTimestamp ?? ''],
};

/** What stands for an absent value. */
export function orNone(text: string | undefined): string {
  return text === undefined || text === '' ? '<none>' : text;
}

/** A label map as `k=v,k=v`, sorted. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return orNone(pairs.sort().join(','));
}

interface NamedImage {
  readonly name: string;
  readonly image?: string;
}

/** The cells of the wide columns Containers and Images. */
export function containersAndImages(containers: readonly NamedImage[] | undefined): [string, string] {
  const list = containers ?? [];
  return [list.map((container) => container.name).join(','), list.map((container) => container.image ?? '').join(',')];
}

export const containerColumns = [
  wide('Containers', 'Names of each container in the template.'),
  wide('Images', 'Images referenced by each container in the template.'),
] as const;

/** A printer of a name, some cells, and the age. */
export function simplePrinter<T extends KubeObject>(
  columns: readonly TableColumn[],
  cells: (object: T, now: number) => Cell[],
): TablePrinter<T> {
  return {
    columns: [nameColumn, ...columns, ageColumn],
    cells: (object, now) => [nameOf(object), ...cells(object, now), age(object, now)],
  };
}
