import { Command as Cmdk } from 'cmdk';
import { useState } from 'react';
import { Dialog } from '../ui/dialog';
import { Kbd } from '../ui/kbd';
import { byImportance, type Command } from './commands';
import { useAllCommands } from './keyboard';
import { namespaceChoice } from './namespaces';
import { usePlace } from './navigation';
import { pageObjects } from './page-objects';
import { useNamespaceNames } from './use-namespace-names';

const item = 'flex h-8 items-center gap-2 rounded-sm px-2 data-[selected=true]:bg-hover';
/** Objects are only looked for in what is on the page, and only so many are offered. */
const mostObjects = 30;

interface PaletteProps {
  readonly open: boolean;
  onClose(): void;
}

/** Everything that can be gone to or done, by typing a part of its name. */
export function Palette({ open, onClose }: PaletteProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Find anything" untitled>
      <Found onClose={onClose} />
    </Dialog>
  );
}

function Found({ onClose }: { onClose(): void }) {
  const { contextId } = usePlace();
  const [search, setSearch] = useState('');
  const commands = useAllCommands().filter((command) => command.hidden !== true);
  const groups = [...new Set(commands.map((command) => command.group))].sort(byImportance);
  const objects = search.trim() === '' ? [] : pageObjects(search.trim(), mostObjects);
  const choose = (run: () => void) => {
    onClose();
    run();
  };
  return (
    <Cmdk label="Find anything" loop filter={scoreOf} className="flex min-h-0 flex-col" data-testid="palette">
      <Cmdk.Input
        value={search}
        onValueChange={setSearch}
        placeholder="Kinds, clusters, namespaces, objects on this page"
        className="h-11 shrink-0 border-line border-b bg-transparent px-4 text-lg outline-none placeholder:text-ink-faint"
      />
      <Cmdk.List className="min-h-0 overflow-y-auto p-2" aria-label="Results">
        <Cmdk.Empty className="px-2 py-6 text-center text-ink-faint">Nothing is called that.</Cmdk.Empty>
        {objects.length > 0 && (
          <Group heading="On this page">
            {objects.map((object) => (
              <Cmdk.Item
                key={object.id}
                value={`${object.name} ${object.namespace} ${object.id}`}
                onSelect={() => choose(object.open)}
                className={item}
              >
                <span className="min-w-0 flex-1 truncate">{object.name}</span>
                <span className="text-ink-faint text-sm">{object.namespace}</span>
              </Cmdk.Item>
            ))}
          </Group>
        )}
        {groups.map((group) => (
          <Group key={group} heading={group}>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <CommandItem key={command.id} command={command} onChoose={() => choose(command.run)} />
              ))}
          </Group>
        ))}
        {contextId !== undefined && <Namespaces contextId={contextId} choose={choose} />}
      </Cmdk.List>
    </Cmdk>
  );
}

/** Every word must occur; the nearer to the start, the better. */
export function scoreOf(value: string, search: string, keywords: readonly string[] = []): number {
  const title = value.toLowerCase();
  const all = [title, ...keywords.map((keyword) => keyword.toLowerCase())];
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.every((word) => all.some((text) => text.includes(word)))) return 0;
  const first = words[0] ?? '';
  if (title.startsWith(first) || keywords.includes(first)) return 1;
  return title.includes(first) ? 0.6 : 0.3;
}

function CommandItem({ command, onChoose }: { command: Command; onChoose(): void }) {
  return (
    <Cmdk.Item
      value={`${command.title} ${command.id}`}
      keywords={[...(command.keywords ?? [])]}
      onSelect={onChoose}
      className={item}
      data-testid={`palette.${command.id}`}
    >
      <span className="flex-1 truncate">{command.title}</span>
      {command.keys?.slice(0, 1).map((key) => (
        <Kbd key={key} value={key} />
      ))}
    </Cmdk.Item>
  );
}

function Namespaces({ contextId, choose }: { contextId: string; choose(run: () => void): void }) {
  const { names } = useNamespaceNames(contextId);
  return (
    <Group heading="Show one namespace">
      {names.map((name) => (
        <Cmdk.Item
          key={name}
          value={`${name} namespace`}
          onSelect={() => choose(() => namespaceChoice(contextId).set([name]))}
          className={item}
        >
          {name}
        </Cmdk.Item>
      ))}
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Cmdk.Group
      heading={heading}
      className="pb-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-faint [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Cmdk.Group>
  );
}
