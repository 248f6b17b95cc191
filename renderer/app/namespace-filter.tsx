import { Command } from 'cmdk';
import { Check, ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useMemo, useState } from 'react';
import { namespaceKind } from '../../shared/kinds/namespaces';
import { cx } from '../ui/cx';
import { floating, floatingRoot } from '../ui/menu';
import { choiceText, namespaceChoice, toggleNamespace, useNamespaceChoice } from './namespaces';
import { useNamespaceNames } from './use-namespace-names';

const item = 'flex h-7 items-center gap-2 rounded-sm px-2 data-[selected=true]:bg-hover';

/** Which namespaces the lists show. */
export function NamespaceFilter({ contextId }: { contextId: string }) {
  const [open, setOpen] = useState(false);
  const choice = useNamespaceChoice(contextId);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        data-testid="action.namespaces"
        aria-label={`Namespaces: ${choiceText(choice)}`}
        className="flex h-7 max-w-64 items-center gap-2 rounded-sm border border-line bg-surface-1 px-2 hover:border-line-strong"
      >
        <span className={cx('truncate', choice.length > 0 && 'font-medium text-accent')}>{choiceText(choice)}</span>
        <ChevronDown className="size-3.5 text-ink-faint" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal container={floatingRoot()}>
        <Popover.Content align="start" sideOffset={4} className={cx(floating, 'w-72')} aria-label="Namespaces">
          <Choices contextId={contextId} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Choices({ contextId }: { contextId: string }) {
  const store = useMemo(() => namespaceChoice(contextId), [contextId]);
  const choice = useNamespaceChoice(contextId);
  const { names, problem } = useNamespaceNames(contextId);
  const [search, setSearch] = useState('');
  // Names nobody may list can still be typed.
  const known = [...new Set([...choice, ...names])].sort();
  const typed = search.trim();
  return (
    <Command label="Namespaces" className="flex max-h-[60vh] flex-col">
      <Command.Input
        value={search}
        onValueChange={setSearch}
        placeholder="Search namespaces"
        className="h-9 shrink-0 border-line border-b bg-transparent px-3 outline-none placeholder:text-ink-faint"
      />
      <Command.List className="min-h-0 overflow-y-auto p-1" aria-label={namespaceKind.title}>
        <Command.Item value="all namespaces" onSelect={() => store.set([])} className={item} data-testid="namespace:*">
          <Mark on={choice.length === 0} />
          All namespaces
        </Command.Item>
        {known.map((name) => (
          <Command.Item
            key={name}
            value={name}
            onSelect={() => store.set(toggleNamespace(choice, name))}
            className={item}
            data-testid={`namespace:${name}`}
          >
            <Mark on={choice.includes(name)} />
            <span className="truncate">{name}</span>
          </Command.Item>
        ))}
        {typed !== '' && !known.includes(typed) && (
          <Command.Item value={typed} onSelect={() => store.set(toggleNamespace(choice, typed))} className={item}>
            <Mark on={false} />
            Use “{typed}”
          </Command.Item>
        )}
      </Command.List>
      {problem !== undefined && (
        <p className="border-line border-t px-3 py-2 text-warning-ink text-xs">{problem.message}</p>
      )}
    </Command>
  );
}

function Mark({ on }: { on: boolean }) {
  return (
    <span
      className={cx(
        'flex size-4 items-center justify-center rounded-sm border',
        on ? 'border-accent bg-accent text-accent-ink' : 'border-line-strong',
      )}
    >
      {on && <Check className="size-3" strokeWidth={3} aria-label="chosen" />}
    </span>
  );
}
