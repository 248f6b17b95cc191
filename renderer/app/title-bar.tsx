import { CircleHelp, Monitor, Moon, Search, Sun } from 'lucide-react';
import { IconButton } from '../ui/button';
import { Kbd } from '../ui/kbd';
import { MenuCheck, MenuContent, MenuRoot, MenuTrigger } from '../ui/menu';
import { useStored } from '../ui/stored';
import { ClusterSwitcher } from './cluster-switcher';
import { Logo } from './logo';
import { NamespaceFilter } from './namespace-filter';
import { usePlace } from './navigation';
import { theme, themes } from './theme';

const themeIcons = { system: Monitor, light: Sun, dark: Moon };
const themeTitles = { system: 'As the system', light: 'Light', dark: 'Dark' };

interface TitleBarProps {
  onSearch(): void;
  onHelp(): void;
}

export function TitleBar({ onSearch, onHelp }: TitleBarProps) {
  const { contextId } = usePlace();
  return (
    <header className="col-span-2 flex items-center gap-2 pr-3 pl-3">
      <span className="flex w-[212px] shrink-0 items-center gap-2 font-semibold text-lg">
        <Logo className="size-6" />
        Porthole
      </span>
      <ClusterSwitcher />
      {contextId !== undefined && <NamespaceFilter contextId={contextId} />}
      <span className="flex-1" />
      <button
        type="button"
        onClick={onSearch}
        data-testid="action.palette"
        className="flex h-7 w-56 items-center gap-2 rounded-sm border border-line bg-surface-1 px-2 text-ink-faint text-sm hover:border-line-strong"
      >
        <Search className="size-3.5" aria-hidden />
        <span className="flex-1 text-left">Find anything</span>
        <Kbd value="Mod+k" />
      </button>
      <ThemeMenu />
      <IconButton label="Keys" onClick={onHelp} data-testid="action.help">
        <CircleHelp className="size-4" aria-hidden />
      </IconButton>
    </header>
  );
}

function ThemeMenu() {
  const chosen = useStored(theme);
  const Icon = themeIcons[chosen];
  return (
    <MenuRoot>
      <MenuTrigger asChild>
        <IconButton label={`Theme: ${themeTitles[chosen]}`} data-testid="action.theme">
          <Icon className="size-4" aria-hidden />
        </IconButton>
      </MenuTrigger>
      <MenuContent>
        {themes.map((name) => (
          <MenuCheck key={name} checked={chosen === name} onCheckedChange={() => theme.set(name)}>
            {themeTitles[name]}
          </MenuCheck>
        ))}
      </MenuContent>
    </MenuRoot>
  );
}
