import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import { followDrag } from './drag';
import { stored, useStored } from './stored';

const least = 360;
const most = 1000;
const initial = 520;
/** What an arrow key moves the edge by. */
const step = 16;

interface SidePanelProps {
  readonly label: string;
  /** Under which its width is kept between starts. */
  readonly name: string;
  readonly testId?: string;
  readonly children: ReactNode;
}

/** A panel at the right edge whose left edge can be dragged, or moved with the arrow keys. */
export function SidePanel({ label, name, testId, children }: SidePanelProps) {
  const store = useMemo(() => stored(name, initial, (value): value is number => typeof value === 'number'), [name]);
  const width = Math.max(least, Math.min(most, useStored(store)));
  const set = (next: number) => store.set(Math.max(least, Math.min(most, Math.round(next))));
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') set(width + step);
    else if (event.key === 'ArrowRight') set(width - step);
    else return;
    event.preventDefault();
  };
  return (
    <aside
      aria-label={label}
      data-testid={testId}
      className="relative flex min-h-0 shrink-0 flex-col border-line-strong border-l bg-surface-2"
      style={{ width, maxWidth: '70%' }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a rule that is moved is no <hr> */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Width"
        aria-valuenow={width}
        aria-valuemin={least}
        aria-valuemax={most}
        tabIndex={0}
        onPointerDown={(event) => followDrag(event, (distance) => set(width - distance))}
        onKeyDown={press}
        className="absolute inset-y-0 -left-1 z-20 w-2 cursor-col-resize hover:bg-accent-soft"
      />
      {children}
    </aside>
  );
}
