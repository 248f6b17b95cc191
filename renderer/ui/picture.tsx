import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx';

interface PictureProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly tone?: 'calm' | 'warning' | 'error';
  readonly children?: ReactNode;
  /** Buttons and the like. */
  readonly actions?: ReactNode;
  readonly testId?: string;
}

const tones = { calm: 'text-ink-faint', warning: 'text-warning', error: 'text-error' };

/** What stands in place of content: an icon, a heading, a sentence or two, and what to do about it. */
export function Picture({ icon: Icon, title, tone = 'calm', children, actions, testId }: PictureProps) {
  return (
    <section
      className="flex h-full min-h-0 items-center justify-center overflow-auto p-8"
      data-testid={testId}
      role={tone === 'calm' ? undefined : 'alert'}
    >
      <div className="flex max-w-[520px] flex-col items-center gap-3 text-center">
        <Icon className={cx('size-8', tones[tone])} strokeWidth={1.5} aria-hidden />
        <h2 className="font-semibold text-ink text-lg">{title}</h2>
        {children !== undefined && (
          <div className="flex max-w-full flex-col items-center gap-2 text-ink-soft" data-selectable>
            {children}
          </div>
        )}
        {actions !== undefined && <div className="flex gap-2 pt-1">{actions}</div>}
      </div>
    </section>
  );
}

/** A line to type, or a message from elsewhere, word for word. */
export function Verbatim({ children }: { children: ReactNode }) {
  return (
    <code className="block max-w-full overflow-x-auto whitespace-pre-wrap break-words rounded-sm bg-code px-3 py-2 text-left font-mono text-ink-soft text-sm">
      {children}
    </code>
  );
}
