import { beforeEach, describe, expect, it } from 'vitest';
import { choiceText, mostNamespaces, namespaceChoice, toggleNamespace } from '../../../../renderer/app/namespaces';
import { stored } from '../../../../renderer/ui/stored';

describe('the chosen namespaces', () => {
  beforeEach(() => localStorage.clear());

  it('are added, taken out, and all again when none is left', () => {
    const one = toggleNamespace([], 'web');
    const two = toggleNamespace(one, 'default');
    expect(two).toEqual(['default', 'web']);
    expect(toggleNamespace(toggleNamespace(two, 'web'), 'default')).toEqual([]);
  });

  it('are no more than the contract takes', () => {
    const full = Array.from({ length: mostNamespaces }, (_, index) => `n${index}`);
    expect(toggleNamespace(full, 'one-more')).toBe(full);
    expect(toggleNamespace(full, 'n3')).toHaveLength(mostNamespaces - 1);
  });

  it('are named shortly', () => {
    expect(choiceText([])).toBe('All namespaces');
    expect(choiceText(['a'])).toBe('a');
    expect(choiceText(['a', 'b'])).toBe('a, b');
    expect(choiceText(['a', 'b', 'c'])).toBe('a and 2 more');
  });

  it('are kept for each context', () => {
    namespaceChoice('one').set(['web']);
    expect(namespaceChoice('two').get()).toEqual([]);
    expect(JSON.parse(localStorage.getItem('namespaces:one') ?? '')).toEqual(['web']);
  });

  it('fall back to all when what was stored makes no sense', () => {
    localStorage.setItem('namespaces:odd', '{"not": "a list"}');
    expect(namespaceChoice('odd').get()).toEqual([]);
    localStorage.setItem('broken', '{');
    expect(stored('broken', 7, (value): value is number => typeof value === 'number').get()).toBe(7);
  });
});
