import { type Stored, stored } from '../ui/stored';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const theme: Stored<Theme> = stored<Theme>('theme', 'system', (value): value is Theme =>
  themes.some((name) => name === value),
);

/** Puts the chosen theme on the page, and keeps it there as the choice or the system's preference changes. */
export function followTheme(): void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const chosen = theme.get();
    document.documentElement.dataset.theme = chosen === 'system' ? (system.matches ? 'dark' : 'light') : chosen;
  };
  theme.subscribe(apply);
  system.addEventListener('change', apply);
  apply();
}
