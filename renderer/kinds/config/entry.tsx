import type { ReactNode } from 'react';

/** A key of a ConfigMap or Secret, and what it holds. */
export function Entry({ name, aside, children }: { name: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div className="pb-2 last:pb-0" data-testid={`data:${name}`}>
      <div className="flex min-h-7 items-center gap-2">
        <span className="min-w-0 flex-1 break-all font-medium font-mono text-sm" data-selectable>
          {name}
        </span>
        {aside}
      </div>
      {children}
    </div>
  );
}

export function EntryValue({ text }: { text: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      data-selectable
      className="max-h-64 overflow-auto whitespace-pre-wrap break-all rounded-sm bg-code px-2 py-1.5 font-mono text-sm leading-[18px]"
    >
      {text === '' ? <span className="text-ink-faint">empty</span> : text}
    </pre>
  );
}
