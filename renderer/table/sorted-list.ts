type Compare<T> = (a: T, b: T) => number;

/** The most items in one piece; a piece that grows beyond it is split. */
const most = 512;

/**
 * A sorted list in pieces, so that to insert or remove one of a hundred thousand items moves hundreds, not all. The
 * comparison must order all items totally: equal means the same item.
 */
export class SortedList<T> {
  private pieces: T[][] = [];
  private count = 0;
  private readonly compare: Compare<T>;

  constructor(compare: Compare<T>, items: readonly T[] = []) {
    this.compare = compare;
    const sorted = [...items].sort(compare);
    for (let at = 0; at < sorted.length; at += most / 2) this.pieces.push(sorted.slice(at, at + most / 2));
    this.count = sorted.length;
  }

  get length(): number {
    return this.count;
  }

  insert(item: T): void {
    const { piece, at } = this.find(item);
    const items = this.pieces[piece];
    this.count += 1;
    if (items === undefined) {
      this.pieces.push([item]);
      return;
    }
    items.splice(at, 0, item);
    if (items.length > most) this.pieces.splice(piece, 1, items.slice(0, most / 2), items.slice(most / 2));
  }

  /** @returns false when it was not in the list */
  remove(item: T): boolean {
    const { piece, at } = this.find(item);
    const items = this.pieces[piece];
    const found = items?.[at];
    if (items === undefined || found === undefined || this.compare(found, item) !== 0) return false;
    items.splice(at, 1);
    if (items.length === 0) this.pieces.splice(piece, 1);
    this.count -= 1;
    return true;
  }

  /** The items at these positions. */
  slice(start: number, end: number): T[] {
    const found: T[] = [];
    let before = 0;
    for (const items of this.pieces) {
      if (before >= end) break;
      if (before + items.length > start) found.push(...items.slice(Math.max(0, start - before), end - before));
      before += items.length;
    }
    return found;
  }

  at(index: number): T | undefined {
    return index < 0 ? undefined : this.slice(index, index + 1)[0];
  }

  /** The item's position, or -1. */
  indexOf(item: T): number {
    const { piece, at } = this.find(item);
    const found = this.pieces[piece]?.[at];
    if (found === undefined || this.compare(found, item) !== 0) return -1;
    let index = at;
    for (let before = 0; before < piece; before++) index += this.pieces[before]?.length ?? 0;
    return index;
  }

  /** Where the item is, or would be. */
  private find(item: T): { piece: number; at: number } {
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.pieces[middle]?.at(-1);
      if (last !== undefined && this.compare(last, item) < 0) low = middle + 1;
      else high = middle;
    }
    const items = this.pieces[low] ?? [];
    let start = 0;
    let end = items.length;
    while (start < end) {
      const middle = (start + end) >> 1;
      const other = items[middle];
      if (other !== undefined && this.compare(other, item) < 0) start = middle + 1;
      else end = middle;
    }
    return { piece: low, at: start };
  }
}
