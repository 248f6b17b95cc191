import { cx } from './cx';

/** The tones a state can have. The words are the interface's own; what they stand for, its users decide. */
export type Tone = 'ok' | 'progress' | 'warning' | 'error' | 'done' | 'neutral';

const colours: Readonly<Record<Tone, string>> = {
  ok: 'text-ok',
  progress: 'text-progress',
  warning: 'text-warning',
  error: 'text-error',
  done: 'text-done',
  neutral: 'text-neutral',
};

/** The colour for words that tell a state. What is well is not shouted. */
export const toneInk: Readonly<Record<Tone, string>> = {
  ok: 'text-ink',
  progress: 'text-progress-ink',
  warning: 'text-warning-ink',
  error: 'text-error-ink',
  done: 'text-done-ink',
  neutral: 'text-ink',
};

const shapes: Readonly<Record<Tone, React.ReactNode>> = {
  ok: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  progress: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  warning: <path d="M6 1.2 11.2 10.4H.8z" fill="currentColor" />,
  error: (
    <>
      <path d="M3.7.8h4.6l2.9 2.9v4.6l-2.9 2.9H3.7L.8 8.3V3.7z" fill="currentColor" />
      <path d="m4.2 4.2 3.6 3.6m0-3.6L4.2 7.8" stroke="var(--surface-1)" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  done: <path d="m2 6.4 2.8 2.8L10 3.4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />,
  neutral: <circle cx="6" cy="6" r="2.2" fill="none" stroke="currentColor" strokeWidth="1.4" />,
};

/** A state's mark: its own shape and its own colour. `label` where no text beside it says the same. */
export function StatusGlyph({ tone, label, className }: { tone: Tone; label?: string; className?: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      className={cx('size-3 shrink-0', colours[tone], className)}
      role={label === undefined ? 'presentation' : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {shapes[tone]}
    </svg>
  );
}
