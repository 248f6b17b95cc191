import { useCallback, useMemo, useRef, useState } from 'react';
import type { Row } from '../../shared/kinds/kind';
import type { Command } from '../app/commands';
import { useCommands } from '../app/keyboard';
import type { RowStore } from './row-store';

interface CursorOptions {
  readonly store: RowStore;
  reveal(index: number): void;
  /** Gives the table the focus: who moves in it means it. */
  focus(): void;
  /** Rows that fit on the screen. */
  readonly page: number;
  onOpen(row: Row): void;
}

interface Cursor {
  /** The id of the row the keys work on. */
  readonly cursor: string | undefined;
  readonly marks: ReadonlySet<string>;
  readonly pick: (row: Row, add: boolean) => void;
}

const none: ReadonlySet<string> = new Set();

/** The row under the cursor and the marked rows, moved by keys and clicks. */
export function useCursor({ store, reveal, focus, page, onOpen }: CursorOptions): Cursor {
  const [cursor, setCursor] = useState<string | undefined>();
  const [marks, setMarks] = useState<ReadonlySet<string>>(none);
  // Where the cursor was: it stays there when its row is gone.
  const place = useRef(0);
  const latest = useRef({ cursor, marks, page, onOpen });
  latest.current = { cursor, marks, page, onOpen };

  const pick = useCallback(
    (row: Row, add: boolean) => {
      setCursor(row.id);
      place.current = Math.max(0, store.indexOf(row.id));
      if (add) setMarks((now) => toggled(now, row.id));
      else latest.current.onOpen(row);
    },
    [store],
  );

  const commands = useMemo((): Command[] => {
    const current = () => {
      const id = latest.current.cursor;
      const index = id === undefined ? -1 : store.indexOf(id);
      if (index >= 0) place.current = index;
      return { index, row: id === undefined || index < 0 ? undefined : store.get(id) };
    };
    const moveTo = (index: number) => {
      const bounded = Math.max(0, Math.min(store.snapshot().visible - 1, index));
      const row = store.at(bounded);
      if (row === undefined) return;
      place.current = bounded;
      setCursor(row.id);
      reveal(bounded);
      focus();
    };
    const move = (by: (page: number) => number) => () => {
      const { index } = current();
      // The first press shows where the cursor is.
      if (latest.current.cursor === undefined) moveTo(place.current);
      else moveTo((index < 0 ? place.current : index) + by(latest.current.page));
    };
    const chosen = () => {
      const { row } = current();
      const marked = [...latest.current.marks].flatMap((id) => store.get(id) ?? []);
      return marked.length > 0 ? marked : row === undefined ? [] : [row];
    };
    const hidden = true;
    const group = 'Table';
    return [
      { id: 'table.next', title: 'Next row', group, hidden, keys: ['j', 'ArrowDown'], run: move(() => 1) },
      { id: 'table.previous', title: 'Previous row', group, hidden, keys: ['k', 'ArrowUp'], run: move(() => -1) },
      { id: 'table.pageDown', title: 'Page down', group, hidden, keys: ['PageDown'], run: move((size) => size) },
      { id: 'table.pageUp', title: 'Page up', group, hidden, keys: ['PageUp'], run: move((size) => -size) },
      { id: 'table.first', title: 'First row', group, hidden, keys: ['g', 'Home'], run: () => moveTo(0) },
      {
        id: 'table.last',
        title: 'Last row',
        group,
        hidden,
        keys: ['Shift+G', 'End'],
        run: () => moveTo(store.snapshot().visible - 1),
      },
      {
        id: 'table.open',
        title: 'Open details',
        group,
        keys: ['Enter', 'd'],
        run: () => {
          const { row } = current();
          if (row !== undefined) latest.current.onOpen(row);
        },
      },
      {
        id: 'table.mark',
        title: 'Mark the row',
        group,
        hidden,
        keys: [' '],
        run: () => {
          const { row, index } = current();
          if (row === undefined) return;
          setMarks((now) => toggled(now, row.id));
          moveTo(index + 1);
        },
      },
      { id: 'table.unmark', title: 'Clear the marks', group, keys: ['Mod+\\'], run: () => setMarks(none) },
      {
        id: 'table.copyName',
        title: 'Copy names',
        group,
        keys: ['c'],
        run: () => copy(chosen().map((row) => row.name)),
      },
      {
        id: 'table.copyNamespace',
        title: 'Copy namespace',
        group,
        keys: ['n'],
        run: () => copy(chosen().map((row) => row.namespace)),
      },
    ];
  }, [store, reveal, focus]);
  useCommands(commands);
  return { cursor, marks, pick };
}

function toggled(marks: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(marks);
  if (!next.delete(id)) next.add(id);
  return next;
}

function copy(texts: readonly string[]): void {
  const lines = texts.filter(Boolean).join('\n');
  if (lines === '') return;
  navigator.clipboard.writeText(lines).catch((error: unknown) => console.warn('nothing could be copied', error));
}
