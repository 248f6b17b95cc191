import type { GridColumn } from './columns';
import { rowHeight } from './grid-row';

const rows = Array.from({ length: 16 }, (_, index) => `skeleton-${index}`);

/** Where rows will be: same places, same height, so that nothing moves when they come. */
export function SkeletonRows({ columns }: { columns: readonly GridColumn[] }) {
  return (
    <div aria-hidden className="late" data-testid="picture.loading">
      {rows.map((row, at) => (
        <div
          key={row}
          className="grid grid-cols-(--columns) items-center border-line border-b pr-8 pl-2"
          style={{ height: rowHeight, opacity: 1 - at / rows.length }}
        >
          {columns.map((column, index) => (
            <span key={column.id} className="px-2">
              <span
                className="breathing block h-2 rounded-sm bg-hover"
                style={{ width: `${40 + ((at * 7 + index * 13) % 40)}%` }}
              />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
