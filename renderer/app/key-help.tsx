import { Dialog } from '../ui/dialog';
import { Kbd } from '../ui/kbd';
import { byImportance } from './commands';
import { useAllCommands } from './keyboard';

interface KeyHelpProps {
  readonly open: boolean;
  onClose(): void;
}

/** The keys that hold on this page, from the commands themselves. */
export function KeyHelp({ open, onClose }: KeyHelpProps) {
  const commands = useAllCommands().filter((command) => (command.keys?.length ?? 0) > 0);
  const groups = [...new Set(commands.map((command) => command.group))].sort(byImportance);
  return (
    <Dialog open={open} onClose={onClose} title="Keys on this page" className="w-[680px]">
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        className="min-h-0 columns-2 gap-8 overflow-y-auto p-4 focus-visible:outline-none"
        data-testid="key-help"
      >
        {groups.map((group) => (
          <section key={group} className="break-inside-avoid pb-4">
            <h3 className="pb-1 font-medium text-ink-faint text-xs">{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id} className="flex min-h-7 items-center gap-2">
                    <dt className="flex-1">{command.title}</dt>
                    <dd className="flex gap-1">
                      {command.keys?.map((key) => (
                        <Kbd key={key} value={key} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
