/** A binary heap: things come out in order, whatever the order in which they went in. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  /** @param before whether `a` is to come out earlier than `b`. */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  /** What comes out next; it stays. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let index = this.#items.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || !this.#before(item, parent)) break;
      this.#items[index] = parent;
      index = above;
    }
    this.#items[index] = item;
  }

  pop(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return first;
    let index = 0;
    for (;;) {
      const below = this.#earlierChild(index);
      const child = this.#items[below];
      if (child === undefined || !this.#before(child, last)) break;
      this.#items[index] = child;
      index = below;
    }
    this.#items[index] = last;
    return first;
  }

  #earlierChild(index: number): number {
    const left = 2 * index + 1;
    const [a, b] = [this.#items[left], this.#items[left + 1]];
    return a !== undefined && b !== undefined && this.#before(b, a) ? left + 1 : left;
  }
}
