/** An object on the page, for the palette. */
export interface PageObject {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  open(): void;
}

type Find = (text: string, most: number) => PageObject[];

let find: Find | undefined;

/** Lets the palette look through the page's objects. @returns what ends that */
export function offerPageObjects(finder: Find): () => void {
  find = finder;
  return () => {
    if (find === finder) find = undefined;
  };
}

/** Objects on the page whose name has the text in it. */
export function pageObjects(text: string, most: number): PageObject[] {
  return find?.(text, most) ?? [];
}
