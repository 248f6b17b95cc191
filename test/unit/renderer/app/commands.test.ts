import { describe, expect, it, vi } from 'vitest';
import { type Command, CommandRegistry, keyConflicts, keyOf } from '../../../../renderer/app/commands';

function command(id: string, ...keys: string[]): Command {
  return { id, title: id, group: 'Test', keys, run: () => undefined };
}

function press(key: string, modifiers: Partial<KeyboardEvent> = {}) {
  return keyOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });
}

describe('keys', () => {
  it('are named as commands name them', () => {
    expect(press('j')).toBe('j');
    expect(press('G', { shiftKey: true })).toBe('Shift+G');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('K', { ctrlKey: true })).toBe('Mod+k');
    expect(press('k', { metaKey: true })).toBe('Mod+k');
    expect(press('Tab', { shiftKey: true })).toBe('Shift+Tab');
    expect(press('Shift', { shiftKey: true })).toBeUndefined();
  });

  it('that two commands want are found', () => {
    expect(keyConflicts([command('a', 'x', 'y'), command('b', 'z'), command('c', 'y')])).toEqual([
      { key: 'y', commands: ['a', 'c'] },
    ]);
  });
});

describe('a command registry', () => {
  it('gives a key to what was added last, and back when that is gone', () => {
    const registry = new CommandRegistry();
    registry.add([command('page', 'Escape')]);
    const close = registry.add([command('drawer', 'Escape')]);
    expect(registry.forKey('Escape')?.id).toBe('drawer');
    close();
    expect(registry.forKey('Escape')?.id).toBe('page');
    expect(registry.all().map(({ id }) => id)).toEqual(['page']);
  });

  it('tells its listeners, and warns of conflicts in one list', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const registry = new CommandRegistry();
    const listener = vi.fn();
    const stop = registry.subscribe(listener);
    registry.add([command('a', 'x'), command('b', 'x')]);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('"x"'));
    stop();
    registry.add([]);
    expect(listener).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
