// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of a hundred thousand rows is no table element; its roles say what it is
import { memo, useEffect, useRef } from 'react';
import type { Row } from '../../shared/kinds/kind';
import { cx } from '../ui/cx';
import { GridCell } from './cell';
import type { GridColumn } from './columns';

/** Pixels. */
export const rowHeight = 28;

interface GridRowProps {
  readonly row: Row;
  readonly kind: string;
  /** The position in the whole list. */
  readonly index: number;
  readonly columns: readonly GridColumn[];
  readonly isCursor: boolean;
  readonly isMarked: boolean;
  readonly isOpen: boolean;
  /** When it last changed, if that is only just now. */
  readonly changedAt: number | undefined;
  readonly hrefOf: (kind: string, name: string) => string;
  readonly onPick: (row: Row, add: boolean) => void;
}

/** The DOM id of a row, which the grid names as its active descendant. */
export function rowElementId(id: string): string {
  return `row-${id}`;
}

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, kind, index, columns, isCursor, isMarked, isOpen, changedAt, hrefOf, onPick } = props;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (changedAt !== undefined) flash(element.current);
  }, [changedAt]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the focus and its keys
    <div
      ref={element}
      id={rowElementId(row.id)}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={isMarked || isOpen}
      data-testid={`row:${kind}/${row.namespace === '' ? '' : `${row.namespace}/`}${row.name}`}
      data-health={row.health}
      data-cursor={isCursor || undefined}
      onClick={(event) => onPick(row, event.ctrlKey || event.metaKey)}
      style={{ transform: `translateY(${index * rowHeight}px)` }}
      className={cx(
        'absolute top-0 left-0 grid h-7 w-full grid-cols-(--columns) items-center border-line border-b pr-8 pl-2 leading-7 hover:bg-hover',
        isMarked && 'bg-accent-soft hover:bg-accent-soft',
        isOpen && 'bg-active hover:bg-active',
        isCursor && 'shadow-[inset_3px_0_0_var(--accent)]',
        row.deleting !== undefined && 'opacity-60',
      )}
    >
      {columns.map((column, at) => (
        <GridCell key={column.id} row={row} column={column} index={at} hrefOf={hrefOf} />
      ))}
    </div>
  );
});

function flash(element: HTMLElement | null): void {
  if (element === null || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  element.animate([{ backgroundColor: 'var(--flash)' }, {}], { duration: 900, easing: 'ease-out' });
}
