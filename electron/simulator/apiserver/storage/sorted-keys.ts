/** A piece that grows beyond so many keys is cut in two. */
const LONGEST = 1_024;

/**
 * Keys in their order, kept so by binary insertion: no list ever sorts. They lie in pieces, so that what an insertion moves
 * does not grow with their number.
 */
export class SortedKeys {
  /** None is empty but the only one. */
  readonly #pieces: string[][] = [[]];

  add(key: string): void {
    const at = this.#pieceFor(key);
    const piece = this.#pieces[at] as string[];
    piece.splice(lowerBound(piece, key), 0, key);
    // Keys that come in order leave full pieces behind.
    if (piece.length > LONGEST) {
      const isLast = at === this.#pieces.length - 1 && piece[LONGEST] === key;
      this.#pieces.splice(at + 1, 0, piece.splice(isLast ? LONGEST : LONGEST >>> 1));
    }
  }

  remove(key: string): void {
    const at = this.#pieceFor(key);
    const piece = this.#pieces[at] as string[];
    const index = lowerBound(piece, key);
    if (piece[index] !== key) return;
    piece.splice(index, 1);
    if (piece.length === 0 && this.#pieces.length > 1) this.#pieces.splice(at, 1);
  }

  /** The keys that begin with `prefix`, in order, from `start` on. The keys must not change meanwhile. */
  *range(prefix: string, start = ''): Iterable<string> {
    const from = start > prefix ? start : prefix;
    let at = this.#pieceFor(from);
    let index = lowerBound(this.#pieces[at] as string[], from);
    for (let piece = this.#pieces[at]; piece !== undefined; piece = this.#pieces[++at], index = 0) {
      for (; index < piece.length; index++) {
        const key = piece[index] as string;
        if (!key.startsWith(prefix)) return;
        yield key;
      }
    }
  }

  /** The last piece that begins with no more than this key: it belongs there. */
  #pieceFor(key: string): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#pieces[middle]?.[0] ?? '') <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The index of the first key that is not less. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
