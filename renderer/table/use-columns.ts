import { type Updater, useTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import type { KindDefinition, Row } from '../../shared/kinds/kind';
import { type Stored, stored, useStored } from '../ui/stored';
import { columnDefinitions, features, type GridColumn, gridColumns } from './columns';

/** What a person chose for a kind's columns. */
interface ColumnChoice {
  readonly visibility: Readonly<Record<string, boolean>>;
  /** Pixels. */
  readonly sizing: Readonly<Record<string, number>>;
}

const choices = new Map<string, Stored<ColumnChoice>>();

function isChoice(value: unknown): value is ColumnChoice {
  return typeof value === 'object' && value !== null && 'visibility' in value && 'sizing' in value;
}

function choiceFor(kind: KindDefinition): Stored<ColumnChoice> {
  const known = choices.get(kind.id);
  if (known !== undefined) return known;
  const wide = kind.columns.filter((column) => column.wide).map((column) => column.id);
  const hidden = [...wide, ...(kind.hides ?? [])];
  const initial = { visibility: Object.fromEntries(hidden.map((id) => [id, false])), sizing: {} };
  const choice = stored<ColumnChoice>(`columns:${kind.id}`, initial, isChoice);
  choices.set(kind.id, choice);
  return choice;
}

/** How much of its width a column keeps where there is little room. */
const shrink = 0.66;
/** Left and right of each row, in pixels; on the right for the button over the header. */
const padding = 8 + 32;

export interface ColumnsState {
  /** All of them, and whether each is shown. */
  readonly all: readonly { readonly column: GridColumn; readonly shown: boolean; readonly canHide: boolean }[];
  readonly shown: readonly GridColumn[];
  /** For `grid-template-columns`: what was not resized shares the room that is left. */
  readonly template: string;
  /** The least width they need together, in pixels. */
  readonly width: number;
  /** The rows given, as the table model has them. */
  readonly rows: readonly Row[];
  toggle(id: string): void;
  resize(id: string, width: number): void;
}

/**
 * A kind's columns by TanStack Table, over the rows that are on screen; the choice is kept between starts.
 *
 * @param room pixels that they have to fit into: what does not is left out for as long. Absent: they may be scrolled.
 */
export function useColumns(kind: KindDefinition, rows: Row[], room?: number): ColumnsState {
  const columns = useMemo(() => gridColumns(kind), [kind]);
  const definitions = useMemo(() => columnDefinitions(columns), [columns]);
  const store = choiceFor(kind);
  const { visibility, sizing } = useStored(store);
  const leastWidth = (id: string, size: number) => {
    const column = columns.find((candidate) => candidate.id === id);
    // Names and longer texts give way first; states are told whole, and so are headings.
    const text = column === undefined || ['name', 'text', 'list'].includes(column.type);
    const keeps = text ? shrink : column.type === 'status' ? 1 : 0.9;
    return Math.round(Math.max(size * keeps, 24 + 6.5 * (column?.title.length ?? 0)));
  };
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: (row) => row.id,
    state: { columnVisibility: visibility, columnSizing: sizing },
    onColumnVisibilityChange: (next: Updater<Record<string, boolean>>) =>
      store.set({ ...store.get(), visibility: resolve(next, { ...store.get().visibility }) }),
    onColumnSizingChange: (next: Updater<Record<string, number>>) =>
      store.set({ ...store.get(), sizing: resolve(next, { ...store.get().sizing }) }),
  });
  const layout = useMemo(() => {
    const all = columns.map((column) => ({
      column,
      shown: visibility[column.id] !== false,
      canHide: column.id !== 'name' || kind.hides?.includes('name') === true,
    }));
    const shown = all.filter((entry) => entry.shown).map((entry) => entry.column);
    return { all, shown };
  }, [columns, visibility, kind]);
  const chosen = table.getVisibleLeafColumns().map((column) => {
    const size = column.getSize();
    const fixed = sizing[column.id] !== undefined;
    return { id: column.id, size, least: fixed ? size : leastWidth(column.id, size), fixed };
  });
  const sizes = room === undefined ? chosen : fitting(chosen, room - padding);
  const left = sizes.map(({ id }) => id).join(' ');
  // The same array while it says the same: rows are compared by it.
  const shown = useMemo(() => layout.shown.filter(({ id }) => left.split(' ').includes(id)), [layout, left]);
  return {
    all: layout.all,
    shown,
    template: sizes.map(({ size, least, fixed }) => (fixed ? `${size}px` : `minmax(${least}px, ${size}fr)`)).join(' '),
    width: sizes.reduce((sum, { least }) => sum + least, padding),
    rows: table.getRowModel().rows.map((row) => row.original),
    toggle: (id) => table.getColumn(id)?.toggleVisibility(),
    resize: (id, width) => table.setColumnSizing((old) => ({ ...old, [id]: Math.max(48, width) })),
  };
}

/** Leaves out from the right what does not fit; what a row is and how it does stays. */
function fitting<T extends { readonly id: string; readonly least: number }>(columns: readonly T[], room: number): T[] {
  const kept = [...columns];
  let width = kept.reduce((sum, { least }) => sum + least, 0);
  for (let at = kept.length - 1; at > 0 && width > room; at -= 1) {
    const column = kept[at];
    if (column === undefined || column.id === 'status') continue;
    kept.splice(at, 1);
    width -= column.least;
  }
  return kept;
}

function resolve<T>(next: Updater<T>, old: T): T {
  return next instanceof Function ? next(old) : next;
}
