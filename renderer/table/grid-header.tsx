// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of a hundred thousand rows is no table element; its roles say what it is
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { PointerEvent } from 'react';
import { cx } from '../ui/cx';
import { followDrag } from '../ui/drag';
import { type GridColumn, isRightAligned } from './columns';
import type { Sort } from './sorting';

interface GridHeaderProps {
  readonly columns: readonly GridColumn[];
  readonly sort: Sort;
  onSort(sort: Sort): void;
  onResize(column: string, width: number): void;
}

export function GridHeader({ columns, sort, onSort, onResize }: GridHeaderProps) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 min-w-full bg-surface-1">
      <div
        role="row"
        tabIndex={-1}
        aria-rowindex={1}
        className="grid h-8 grid-cols-(--columns) border-line-strong border-b pr-8 pl-2"
      >
        {columns.map((column, index) => {
          const sorted = sort.column === column.id;
          return (
            <div
              key={column.id}
              role="columnheader"
              tabIndex={-1}
              aria-colindex={index + 1}
              aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
              className="group relative min-w-0"
            >
              <button
                type="button"
                tabIndex={-1}
                data-testid={`sort.${column.id}`}
                onClick={() => onSort({ column: column.id, descending: sorted && !sort.descending })}
                className={cx(
                  'flex h-full w-full items-center gap-1 px-2 font-medium text-ink-faint text-sm hover:text-ink',
                  isRightAligned(column) && 'flex-row-reverse',
                  sorted && 'text-ink',
                )}
              >
                <span className="truncate">{column.title}</span>
                {sorted && <SortMark descending={sort.descending} />}
              </button>
              <ResizeHandle onResize={(width) => onResize(column.id, width)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function SortMark({ descending }: { descending: boolean }) {
  const Icon = descending ? ArrowDown : ArrowUp;
  return <Icon className="size-3 shrink-0 text-accent" strokeWidth={2.5} aria-hidden />;
}

function ResizeHandle({ onResize }: { onResize(width: number): void }) {
  const start = (event: PointerEvent<HTMLDivElement>) => {
    const header = event.currentTarget.parentElement;
    if (header === null || event.button !== 0) return;
    const width = header.getBoundingClientRect().width;
    followDrag(event, (distance) => onResize(Math.round(width + distance)));
  };
  return (
    <div
      aria-hidden
      onPointerDown={start}
      className="absolute top-1.5 right-0 z-10 h-5 w-2 translate-x-1/2 cursor-col-resize after:absolute after:left-1/2 after:h-full after:w-px after:bg-transparent group-hover:after:bg-line-strong"
    />
  );
}
