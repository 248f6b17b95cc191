import type { KubeObject } from '../kubernetes/objects';
import { parseQuantity } from '../kubernetes/quantities';
import type { Cell, Column } from './kind';

/** An RFC 3339 time as milliseconds since the epoch; `null` when absent or not a time. */
export function timeCell(text: string | undefined): number | null {
  if (text === undefined) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** `2/3`, the form that the `ratio` cell type reads. */
export function ratioCell(ready: number | undefined, wanted: number | undefined): string {
  return `${ready ?? 0}/${wanted ?? 0}`;
}

/** Texts joined for a `list` cell; `null` when there are none. */
export function listCell(items: readonly string[] | undefined): string | null {
  return items === undefined || items.length === 0 ? null : items.join(', ');
}

/** Label pairs as a selector writes them: `app=web, tier=front`. */
export function labelsCell(labels: Readonly<Record<string, string>> | undefined): string | null {
  return listCell(Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`));
}

/** The status column: the text of the object's health. The renderer puts the mark of the row's state before it. */
export function statusColumn<T extends KubeObject>(label: (object: T) => Cell, width = 160): Column<T> {
  return { id: 'status', title: 'Status', type: 'status', width, value: label };
}

/** Names and images of a workload's containers, as kubectl's wide output has them. */
export function templateColumns<T extends KubeObject>(
  containersOf: (object: T) => readonly { name: string; image?: string }[] | undefined,
): readonly Column<T>[] {
  return [
    {
      id: 'containers',
      title: 'Containers',
      type: 'list',
      wide: true,
      value: (object) => listCell(containersOf(object)?.map((container) => container.name)),
    },
    {
      id: 'images',
      title: 'Images',
      type: 'list',
      width: 220,
      value: (object) => listCell(containersOf(object)?.map((container) => container.image ?? '')),
    },
  ];
}

/** A quantity as a plain number; `null` when absent or malformed (a server may hold what an older version let in). */
export function quantityCell(text: string | undefined): number | null {
  if (text === undefined) return null;
  try {
    return parseQuantity(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** Access modes in kubectl's short forms. */
export function accessModesCell(modes: readonly string[] | undefined): string | null {
  return listCell(modes?.map((mode) => ACCESS_MODES[mode] ?? mode));
}
