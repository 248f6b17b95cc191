import { Outlet } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Command } from './commands';
import { useGlobalCommands } from './global-commands';
import { KeyHelp } from './key-help';
import { useCommands, useKeyboard } from './keyboard';
import { usePlace } from './navigation';
import { Palette } from './palette';
import { Sidebar } from './sidebar';
import { StatusFooter } from './status-footer';
import { TitleBar } from './title-bar';

/** The window: title bar, sidebar, page, footer; palette and help over them. */
export function Shell() {
  const { contextId } = usePlace();
  const [over, setOver] = useState<'palette' | 'help' | undefined>();
  const own = useMemo<readonly Command[]>(
    () => [
      {
        id: 'app.palette',
        title: 'Find anything',
        group: 'Window',
        keys: ['Mod+k'],
        hidden: true,
        run: () => setOver((now) => (now === 'palette' ? undefined : 'palette')),
      },
      { id: 'app.help', title: 'Show the keys', group: 'Window', keys: ['?'], run: () => setOver('help') },
    ],
    [],
  );
  useKeyboard();
  useCommands(own);
  useGlobalCommands();
  return (
    <div className="grid h-full grid-cols-[224px_minmax(0,1fr)] grid-rows-[44px_minmax(0,1fr)_24px]">
      <TitleBar onSearch={() => setOver('palette')} onHelp={() => setOver('help')} />
      <Sidebar />
      <main className="min-h-0 min-w-0 overflow-hidden rounded-tl-lg border-line border-t border-l bg-surface-1">
        <Outlet key={contextId ?? ''} />
      </main>
      <StatusFooter />
      <Palette open={over === 'palette'} onClose={() => setOver(undefined)} />
      <KeyHelp open={over === 'help'} onClose={() => setOver(undefined)} />
    </div>
  );
}
