import type { ReactNode } from 'react';
import { cx } from '../ui/cx';

/** A part of a summary under its heading. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-line border-t px-4 py-3 first:border-t-0">
      <h3 className="flex items-center gap-2 pb-1.5 font-semibold text-sm">
        {title}
        {aside !== undefined && <span className="font-normal text-ink-faint">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

/** Names and values in two columns. */
export function Fields({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[128px_minmax(0,1fr)] gap-x-3 gap-y-1">{children}</dl>;
}

/** One of them. Nothing is shown for a value that is not there. */
export function Field({ name, children }: { name: string; children: ReactNode }) {
  if (children === undefined || children === null || children === '' || children === false) return null;
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 break-words text-ink" data-selectable>
        {children}
      </dd>
    </>
  );
}

/** A short text in a frame of its own: a label, a taint, a verb. */
export function Chip({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      data-selectable
      className={cx(
        'inline-block max-w-full truncate rounded-sm border border-line bg-code px-1.5 align-top text-ink-soft text-sm leading-[18px]',
        className,
      )}
    >
      {children}
    </span>
  );
}

/** Pairs such as labels. */
export function Pairs({ pairs }: { pairs: Readonly<Record<string, string>> | undefined }) {
  const entries = Object.entries(pairs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return null;
  return (
    <span className="flex flex-wrap gap-1">
      {entries.map(([key, value]) => (
        <Chip key={key}>
          <span title={`${key}=${value}`}>
            {key}
            {value !== '' && <span className="text-ink-faint">=</span>}
            {value}
          </span>
        </Chip>
      ))}
    </span>
  );
}

export interface SimpleTable {
  readonly head: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}

/** A small table inside a summary. */
export function SmallTable({ head, rows }: SimpleTable) {
  return (
    <table className="w-full border-collapse text-left">
      <thead>
        <tr>
          {head.map((title) => (
            <th key={title} className="border-line border-b py-1 pr-3 font-medium text-ink-faint text-sm" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key} className="border-line border-b align-top last:border-b-0">
            {cells.map((cell, index) => (
              <td key={head[index]} className="tabular break-words py-1 pr-3 last:pr-0" data-selectable>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
