import { useEffect, useSyncExternalStore } from 'react';
import { type Command, CommandRegistry, keyOf } from './commands';

const registry = new CommandRegistry();

/** Offers commands while the component is there. Give a list that stays the same while its meaning does. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => registry.add(commands), [commands]);
}

/** All commands that hold now. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(registry.subscribe, registry.all);
}

const typing = 'input, textarea, select, [contenteditable="true"], .cm-editor';
const floating = '[role="dialog"], [role="menu"], [role="listbox"], [role="alertdialog"]';
const controls = 'button, a, [role="tab"], [role="separator"], summary';
const controlKeys = new Set(['Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);

/** True when the key belongs to what has the focus, not to the page's commands. */
function belongsToFocus(target: EventTarget | null, event: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  const withModifier = event.ctrlKey || event.metaKey;
  if (target.closest(typing) !== null) return !withModifier;
  if (target.closest(floating) !== null) return !withModifier;
  return target.closest(controls) !== null && controlKeys.has(event.key);
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || belongsToFocus(event.target, event)) return;
  const key = keyOf(event);
  const command = key === undefined ? undefined : registry.forKey(key);
  if (command === undefined) return;
  event.preventDefault();
  command.run();
}

/** Lets keys run commands. Once, at the top of the window. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
