// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of a hundred thousand rows is no table element; its roles say what it is
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { KindDefinition, Row } from '../../shared/kinds/kind';
import { cx } from '../ui/cx';
import { ColumnMenu } from './column-menu';
import { GridHeader } from './grid-header';
import { GridRow, rowElementId, rowHeight } from './grid-row';
import type { RowStore, RowsSnapshot } from './row-store';
import { SkeletonRows } from './skeleton-rows';
import { useColumns } from './use-columns';
import { useCursor } from './use-cursor';

/** Pixels, as the styles have it. */
const scrollbar = 10;

interface DataGridProps {
  readonly kind: KindDefinition;
  readonly store: RowStore;
  readonly snapshot: RowsSnapshot;
  /** The id of the row whose details are open. */
  readonly openId: string | undefined;
  /** The rows may be out of date. Shown only when it lasts, so that nothing flickers. */
  readonly dimmed: boolean;
  /** Stands in place of the rows: why there are none. */
  readonly instead: ReactNode;
  hrefOf(kind: string, name: string): string;
  onOpen(row: Row): void;
}

/** A table of any length: only what can be seen is rendered. */
export function DataGrid({ kind, store, snapshot, openId, dimmed, instead, hrefOf, onOpen }: DataGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: snapshot.visible,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollPaddingStart: 32,
    useFlushSync: false,
  });
  const items = virtualizer.getVirtualItems();
  const start = items[0]?.index ?? 0;
  const slice = store.slice(start, (items.at(-1)?.index ?? -1) + 1);
  // Beside an open drawer there is little room: better fewer columns than a table that must be scrolled.
  const width = virtualizer.scrollRect?.width;
  const columns = useColumns(kind, slice, openId === undefined || width === undefined ? undefined : width - scrollbar);
  const reveal = useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer]);
  const focus = useCallback(() => scroller.current?.focus({ preventScroll: true }), []);
  const page = Math.max(1, Math.floor((virtualizer.scrollRect?.height ?? 0) / rowHeight) - 2);
  const { cursor, marks, pick } = useCursor({ store, reveal, focus, page, onOpen });
  useRevealOnce(store, openId, snapshot.synced, reveal);
  const now = Date.now();
  return (
    <div className="relative h-full min-h-0">
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={kind.title}
        aria-rowcount={snapshot.visible + 1}
        aria-colcount={columns.shown.length}
        aria-multiselectable
        aria-busy={!snapshot.synced}
        aria-activedescendant={cursor !== undefined && isRendered(cursor, slice) ? rowElementId(cursor) : undefined}
        data-testid="table"
        className={cx(
          'h-full overflow-auto [contain:strict] focus-visible:outline-offset-[-2px]',
          // The row under the cursor shows where the keys go.
          cursor !== undefined && 'focus-visible:outline-none',
        )}
        style={{ '--columns': columns.template } as CSSProperties}
      >
        <div style={{ minWidth: columns.width }}>
          <GridHeader
            columns={columns.shown}
            sort={snapshot.sort}
            onSort={(sort) => store.setSort(sort)}
            onResize={columns.resize}
          />
          {instead === undefined && (
            <div
              role="rowgroup"
              className={cx(
                'relative',
                dimmed && 'bg-surface-0 grayscale transition-[filter,background-color] delay-200',
              )}
              style={{ height: virtualizer.getTotalSize() }}
            >
              {columns.rows.map((row, at) => (
                <GridRow
                  key={row.id}
                  row={row}
                  kind={kind.resource.resource}
                  index={start + at}
                  columns={columns.shown}
                  isCursor={row.id === cursor}
                  isMarked={marks.has(row.id)}
                  isOpen={row.id === openId}
                  changedAt={store.changedAt(row.id, now)}
                  hrefOf={hrefOf}
                  onPick={pick}
                />
              ))}
            </div>
          )}
          {instead === 'loading' && <SkeletonRows columns={columns.shown} />}
        </div>
      </div>
      {instead !== undefined && instead !== 'loading' && (
        <div className="absolute inset-x-0 top-8 bottom-0">{instead}</div>
      )}
      <div className="absolute top-0 right-0 z-20 flex h-8 items-center border-line-strong border-b bg-surface-1 px-1">
        <ColumnMenu columns={columns} />
      </div>
    </div>
  );
}

function isRendered(id: string, rows: readonly Row[]): boolean {
  return rows.some((row) => row.id === id);
}

/** Brings the row of a deep link into view once it is there; later the person scrolls. */
function useRevealOnce(
  store: RowStore,
  id: string | undefined,
  synced: boolean,
  reveal: (index: number) => void,
): void {
  const [revealed, setRevealed] = useState<string | undefined>();
  useEffect(() => {
    if (!synced || id === undefined || id === revealed) return;
    const index = store.indexOf(id);
    if (index >= 0) reveal(index);
    setRevealed(id);
  }, [store, id, synced, reveal, revealed]);
}
