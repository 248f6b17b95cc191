import { messageOf } from '../../shared/error-message';
import type { Row } from '../../shared/kinds/kind';
import { type LabelSelector, parseLabelSelector } from '../../shared/kubernetes/selectors';

/** What a filter's text means. */
export interface Filter {
  /** True when every row passes. */
  readonly empty: boolean;
  /** Why the text means nothing, when it does not: an unfinished label selector. Then every row passes. */
  readonly problem?: string;
  matches(row: Row): boolean;
}

const everything: Filter = { empty: true, matches: () => true };

/**
 * Reads a filter: `text` (every word must occur in the row), `!text` (must not), `-l app=web` (labels, in kubectl's
 * grammar), `-f txt` (letters in this order in the name).
 */
export function parseFilter(text: string): Filter {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '!') return everything;
  if (/^-l(\s|$)/.test(trimmed)) return labelFilter(trimmed.slice(2).trim());
  if (/^-f(\s|$)/.test(trimmed)) return fuzzyFilter(trimmed.slice(2).trim());
  if (trimmed.startsWith('!')) {
    const words = wordsOf(trimmed.slice(1));
    return { empty: false, matches: (row) => !containsAll(row, words) };
  }
  const words = wordsOf(trimmed);
  return { empty: false, matches: (row) => containsAll(row, words) };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function containsAll(row: Row, words: readonly string[]): boolean {
  return words.every((word) => contains(row, word));
}

function contains(row: Row, word: string): boolean {
  if (row.name.toLowerCase().includes(word) || row.namespace.includes(word)) return true;
  return row.cells.some((cell) => typeof cell === 'string' && cell.toLowerCase().includes(word));
}

function labelFilter(text: string): Filter {
  if (text === '') return everything;
  let selector: LabelSelector;
  try {
    selector = parseLabelSelector(text);
  } catch (error) {
    return { ...everything, problem: messageOf(error) };
  }
  return { empty: false, matches: (row) => selector.matches(labelsOf(row)) };
}

function labelsOf(row: Row): Record<string, string> {
  return Object.fromEntries(
    row.labels.map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function fuzzyFilter(text: string): Filter {
  const letters = [...text.toLowerCase().replace(/\s+/g, '')];
  if (letters.length === 0) return everything;
  return {
    empty: false,
    matches(row) {
      const name = row.name.toLowerCase();
      let at = 0;
      for (const letter of letters) {
        const found = name.indexOf(letter, at);
        if (found < 0) return false;
        at = found + 1;
      }
      return true;
    },
  };
}
