/** Something a person can do now. Palette, keys and help are views of one list of these. */
export interface Command {
  /** `table.next`, `go.pods`: also the test id of the buttons that stand for it. */
  readonly id: string;
  readonly title: string;
  /** A heading in palette and help. */
  readonly group: string;
  /** As `Mod+k`, `/`, `g`, `Shift+N`, `ArrowDown`. `Mod` is Ctrl, or Command on a Mac. */
  readonly keys?: readonly string[];
  /** Further words to find it by. */
  readonly keywords?: readonly string[];
  /** Only for fingers: not listed in the palette. */
  readonly hidden?: boolean;
  run(): void;
}

const order = ['Go to', 'Clusters', 'Object', 'Table', 'Sort', 'Namespaces', 'Cluster', 'Theme', 'Window'];

/** The order of the groups, in palette and help. */
export function byImportance(a: string, b: string): number {
  return order.indexOf(a) - order.indexOf(b);
}

/** Two commands that want the same key in the same place. */
export interface KeyConflict {
  readonly key: string;
  readonly commands: readonly string[];
}

/** The commands that hold now, by the parts of the page that offer them. What was added last wins a key. */
export class CommandRegistry {
  private scopes: { readonly commands: readonly Command[] }[] = [];
  private readonly listeners = new Set<() => void>();
  private list: readonly Command[] = [];

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** All commands, the newest scope's first. */
  readonly all = (): readonly Command[] => this.list;

  /** @returns what takes them away again */
  add(commands: readonly Command[]): () => void {
    for (const { key, commands: ids } of keyConflicts(commands)) {
      console.warn(`the key "${key}" is wanted by ${ids.join(' and ')}`);
    }
    const scope = { commands };
    this.change([scope, ...this.scopes]);
    return () => this.change(this.scopes.filter((other) => other !== scope));
  }

  forKey(key: string): Command | undefined {
    return this.list.find((command) => command.keys?.includes(key));
  }

  private change(scopes: { readonly commands: readonly Command[] }[]): void {
    this.scopes = scopes;
    this.list = scopes.flatMap((scope) => scope.commands);
    for (const listener of this.listeners) listener();
  }
}

/** Keys that more than one command of a list wants. */
export function keyConflicts(commands: readonly Command[]): KeyConflict[] {
  const byKey = new Map<string, string[]>();
  for (const command of commands) {
    for (const key of command.keys ?? []) byKey.set(key, [...(byKey.get(key) ?? []), command.id]);
  }
  return [...byKey].filter(([, ids]) => ids.length > 1).map(([key, ids]) => ({ key, commands: ids }));
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** How commands write the key that was pressed; undefined for a modifier alone. */
export function keyOf(event: KeyPress): string | undefined {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead'].includes(event.key)) return undefined;
  const letter = /^[a-zA-Z]$/.test(event.key);
  const parts = [
    event.ctrlKey || event.metaKey ? 'Mod' : '',
    event.altKey ? 'Alt' : '',
    // Signs already differ by Shift; letters and named keys do not.
    event.shiftKey && (letter || event.key.length > 1) ? 'Shift' : '',
    letter && (event.ctrlKey || event.metaKey) ? event.key.toLowerCase() : event.key,
  ];
  return parts.filter(Boolean).join('+');
}
