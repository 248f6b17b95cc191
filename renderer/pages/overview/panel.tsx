import type { ReactNode } from 'react';
import { cx } from '../../ui/cx';

interface PanelProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of the overview. */
export function Panel({ title, aside, className, children }: PanelProps) {
  return (
    <section className={cx('min-w-0 border-line border-b p-4', className)}>
      <h2 className="flex items-baseline gap-2 pb-3 font-semibold">
        {title}
        {aside !== undefined && <span className="font-normal text-ink-faint text-sm">{aside}</span>}
      </h2>
      {children}
    </section>
  );
}
