import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx';
import { floating } from './menu';

interface DialogProps {
  readonly open: boolean;
  onClose(): void;
  readonly title: string;
  /** Shows no heading; the title is still read aloud. */
  readonly untitled?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A modal dialog: the focus stays inside until it is closed. */
export function Dialog({ open, onClose, title, untitled = false, className, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(10_18_26/35%)]" />
        <Radix.Content
          aria-describedby={undefined}
          className={cx(
            floating,
            'fixed top-[12vh] left-1/2 flex max-h-[76vh] w-[600px] max-w-[94vw] -translate-x-1/2 flex-col overflow-hidden outline-none',
            className,
          )}
        >
          <Radix.Title className={untitled ? 'sr-only' : 'shrink-0 border-line border-b px-4 py-2 font-semibold'}>
            {title}
          </Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
