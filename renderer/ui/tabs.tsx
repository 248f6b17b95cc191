import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Tab {
  readonly id: string;
  readonly title: string;
  /** A number beside the title. */
  readonly count?: number | undefined;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly tabs: readonly Tab[];
  readonly current: string;
  onChange(id: string): void;
}

/** Tabs over one content at a time; what is not shown does not run. */
export function Tabs({ tabs, current, onChange }: TabsProps) {
  return (
    <Radix.Root value={current} onValueChange={onChange} className="flex min-h-0 flex-1 flex-col">
      <Radix.List className="flex h-8 shrink-0 gap-1 border-line border-b px-3">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.id}
            value={tab.id}
            data-testid={`tab.${tab.id}`}
            className="-mb-px flex items-center gap-1.5 border-transparent border-b-2 px-2 font-medium text-ink-soft text-sm hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.title}
            {tab.count !== undefined && <span className="tabular text-ink-faint text-xs">{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
