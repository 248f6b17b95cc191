// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of a hundred thousand rows is no table element; its roles say what it is
import { memo } from 'react';
import type { Row } from '../../shared/kinds/kind';
import { cx } from '../ui/cx';
import { StatusGlyph, toneInk } from '../ui/status-glyph';
import { Age } from './age';
import { type GridColumn, isRightAligned } from './columns';
import { formatBytes, formatCores } from './format';

interface CellProps {
  readonly row: Row;
  readonly column: GridColumn;
  readonly index: number;
  /** Makes a cell that names another object a link to it. */
  readonly hrefOf: (kind: string, name: string) => string;
}

export const GridCell = memo(function GridCell({ row, column, index, hrefOf }: CellProps) {
  const value = column.value(row);
  const text = typeof value === 'string' ? value : undefined;
  return (
    <div
      role="gridcell"
      tabIndex={-1}
      aria-colindex={index + 1}
      title={text}
      className={cx('min-w-0 truncate px-2', isRightAligned(column) && 'tabular text-right', inkOf(column))}
    >
      <Value row={row} column={column} hrefOf={hrefOf} />
    </div>
  );
});

function inkOf(column: GridColumn): string {
  if (column.type === 'name') return 'font-medium text-ink';
  return column.type === 'status' ? '' : 'text-ink-soft';
}

function Value({ row, column, hrefOf }: Omit<CellProps, 'index'>) {
  const value = column.value(row);
  if (value === null || value === '') return <span className="text-ink-faint">–</span>;
  if (typeof value === 'number') {
    if (column.type === 'time') return <Age time={value} />;
    if (column.type === 'bytes') return formatBytes(value);
    if (column.type === 'cpu') return formatCores(value);
    return value.toLocaleString('en');
  }
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (column.type === 'status') {
    return (
      <span className="flex items-center gap-1.5">
        <StatusGlyph tone={row.health} />
        <span className={cx('truncate', toneInk[row.health])}>{value}</span>
      </span>
    );
  }
  if (column.type === 'ratio') return <Ratio text={value} finished={row.health === 'done'} />;
  if (column.linksTo !== undefined) {
    return (
      <a
        href={hrefOf(column.linksTo, value)}
        tabIndex={-1}
        onClick={(event) => event.stopPropagation()}
        className="text-ink-soft underline decoration-line-strong underline-offset-2 hover:text-accent"
      >
        {value}
      </a>
    );
  }
  return value;
}

/** `2/3`; coloured when it is not whole. What has finished need not be ready. */
function Ratio({ text, finished }: { text: string; finished: boolean }) {
  const [part, whole] = text.split('/');
  return <span className={cx(part !== whole && !finished && 'text-warning-ink')}>{text}</span>;
}
