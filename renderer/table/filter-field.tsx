import { ListFilter, X } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { Command } from '../app/commands';
import { useCommands } from '../app/keyboard';
import { cx } from '../ui/cx';
import { Kbd } from '../ui/kbd';
import type { RowStore, RowsSnapshot } from './row-store';

interface FilterFieldProps {
  readonly store: RowStore;
  readonly snapshot: RowsSnapshot;
}

/** The table's filter. Enter keeps it and gives the keys back to the table; Esc clears it. */
export function FilterField({ store, snapshot }: FilterFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const deferred = useDeferredValue(text);
  useEffect(() => store.setFilter(deferred), [store, deferred]);
  const clear = () => {
    setText('');
    input.current?.blur();
  };
  useCommands(
    useMemo((): readonly Command[] => {
      const focus = () => {
        input.current?.focus();
        input.current?.select();
      };
      return [{ id: 'table.filter', title: 'Filter', group: 'Table', keys: ['/', 'Mod+f'], run: focus }];
    }, []),
  );
  useCommands(
    useMemo(
      (): readonly Command[] =>
        text === ''
          ? []
          : [
              {
                id: 'table.clearFilter',
                title: 'Clear the filter',
                group: 'Table',
                keys: ['Escape'],
                run: () => setText(''),
              },
            ],
      [text],
    ),
  );
  const problem = snapshot.filterProblem;
  return (
    <div
      className={cx(
        'flex h-7 w-72 items-center gap-2 rounded-sm border border-line bg-surface-2 px-2 focus-within:border-focus',
        problem !== undefined && 'border-warning',
      )}
    >
      <ListFilter className="size-3.5 shrink-0 text-ink-faint" aria-hidden />
      <input
        ref={input}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') clear();
          else if (event.key === 'Enter') input.current?.blur();
          else return;
          event.preventDefault();
        }}
        placeholder="Filter"
        aria-label="Filter"
        aria-invalid={problem !== undefined}
        title={problem ?? 'Words, !not these, -l label=value, -f fuzzy'}
        spellCheck={false}
        data-testid="filter"
        className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-faint"
      />
      {text === '' ? (
        <Kbd value="/" />
      ) : (
        <button type="button" onClick={clear} aria-label="Clear the filter" className="text-ink-faint hover:text-ink">
          <X className="size-3.5" aria-hidden />
        </button>
      )}
    </div>
  );
}
