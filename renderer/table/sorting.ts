import type { Cell, CellType, KindDefinition, Row } from '../../shared/kinds/kind';

/** What a table is sorted by: a column's id, or `name`, `namespace`, `age`. */
export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** By name; what happens again and again, by when it last did. */
export function defaultSort(kind: KindDefinition): Sort {
  const column = kind.columns.some(({ id }) => id === 'lastSeen') ? 'lastSeen' : 'name';
  return { column, descending: false };
}

type Key = (row: Row) => Cell;

/** What a row is sorted by in this column. Unknown columns sort by name. */
function keyOf(kind: KindDefinition, column: string): Key {
  if (column === 'namespace') return (row) => row.namespace;
  // The youngest is the smallest age.
  if (column === 'age') return (row) => -row.created;
  const index = kind.columns.findIndex((candidate) => candidate.id === column);
  if (index < 0) return (row) => row.name;
  const type = kind.columns[index]?.type;
  return (row) => sortKey(row.cells[index] ?? null, type);
}

/** Ratios by their fraction, times by the age they stand for, all else as it is. */
function sortKey(cell: Cell, type: CellType | undefined): Cell {
  if (type === 'time' && typeof cell === 'number') return -cell;
  if (type !== 'ratio' || typeof cell !== 'string') return cell;
  const [part = 0, whole = 0] = cell.split('/').map(Number);
  return whole === 0 ? 1 : part / whole;
}

/** Numbers by size, texts without regard to case; what is absent comes last in either direction. */
function compareKeys(a: Cell, b: Cell, direction: 1 | -1): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === 'string' && typeof b === 'string') return direction * compareTexts(a, b);
  return direction * (Number(a) - Number(b));
}

/** Texts without regard to case, and numbers in them by size: `web-2` before `web-10`. Quick, for it runs millions of times. */
function compareTexts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a, i) && isDigit(b, j)) {
      const endOfA = digitsEnd(a, i);
      const endOfB = digitsEnd(b, j);
      const difference = Number(a.slice(i, endOfA)) - Number(b.slice(j, endOfB));
      if (difference !== 0) return difference;
      i = endOfA;
      j = endOfB;
    } else {
      const difference = lowerCode(a, i) - lowerCode(b, j);
      if (difference !== 0) return difference;
      i += 1;
      j += 1;
    }
  }
  return a.length - i - (b.length - j) || plain(a, b);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text, at)) at += 1;
  return at;
}

function lowerCode(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function plain(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A total order: rows that are equal in the column go by namespace, name and id. */
export function rowOrder(kind: KindDefinition, sort: Sort): (a: Row, b: Row) => number {
  const key = keyOf(kind, sort.column);
  const direction = sort.descending ? -1 : 1;
  return (a, b) =>
    compareKeys(key(a), key(b), direction) ||
    plain(a.namespace, b.namespace) ||
    plain(a.name, b.name) ||
    plain(a.id, b.id);
}
