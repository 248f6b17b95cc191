/** apiserver's truncateAtTotalRunes: as many characters as all warnings of one answer may have. */
const MOST_CHARACTERS = 4 * 1024;
/** truncateItemRunes: what is left of each once they have more. */
const CHARACTERS_EACH = 256;

/** The `Warning` headers of one answer (apiserver/pkg/endpoints/filters/warning.go). */
export class Warnings {
  readonly #texts = new Set<string>();
  #headers: string[] = [];
  #written = 0;
  #truncating = false;

  /** Adds one, once. What a header cannot carry is left out. */
  add(text: string): void {
    if (text === '' || this.#texts.has(text)) return;
    if (this.#truncating && this.#written >= MOST_CHARACTERS) return;
    this.#texts.add(text);
    if (!this.#truncating && this.#written + [...text].length > MOST_CHARACTERS) {
      this.#truncating = true;
      this.#written = 0;
      this.#headers = [];
      for (const earlier of this.#texts) this.#write(earlier);
    } else this.#write(text);
  }

  get headers(): readonly string[] {
    return this.#headers;
  }

  #write(text: string): void {
    const characters = [...text];
    const shown = this.#truncating ? characters.slice(0, CHARACTERS_EACH) : characters;
    const line = shown.join('');
    // Control characters have no place in a header: upstream drops such a warning.
    if (/\p{Cc}/u.test(line)) return;
    this.#written += shown.length;
    const quoted = `299 - "${line.replace(/["\\]/g, '\\$&')}"`;
    // Node takes one byte a character; what goes over the wire is UTF-8, as from Go.
    this.#headers.push(Buffer.from(quoted).toString('latin1'));
  }
}
