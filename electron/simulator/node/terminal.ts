import type { Input, Output } from './runtime/streams';

const ERASE = '\b \b';

/**
 * A terminal's line discipline: what is typed is shown, a line can be mended until it is sent, control characters become
 * signals, and line ends get their carriage return.
 */
export class Terminal implements Input {
  readonly #source: Input;
  readonly #screen: Output;
  readonly #interrupt: () => void;
  #line = '';
  #ready = '';
  #ended = false;

  /** @param interrupt called for Ctrl-C. */
  constructor(source: Input, screen: Output, interrupt: () => void) {
    this.#source = source;
    this.#screen = screen;
    this.#interrupt = interrupt;
  }

  /** Where processes write. */
  readonly output: Output = { write: (text) => this.#screen.write(text.replace(/\r?\n/g, '\r\n')) };

  async read(): Promise<string | undefined> {
    while (this.#ready === '') {
      if (this.#ended) return undefined;
      const typed = await this.#source.read();
      if (typed === undefined) {
        this.#ended = true;
        return undefined;
      }
      for (const character of typed) await this.#take(character);
    }
    const text = this.#ready;
    this.#ready = '';
    return text;
  }

  async #take(character: string): Promise<void> {
    switch (character) {
      case '\r':
      case '\n':
        await this.#screen.write('\r\n');
        this.#ready += `${this.#line}\n`;
        this.#line = '';
        return;
      case '\x7f':
      case '\b':
        if (this.#line === '') return;
        this.#line = this.#line.slice(0, -1);
        await this.#screen.write(ERASE);
        return;
      case '\x03':
        await this.#screen.write('^C\r\n');
        this.#line = '';
        this.#interrupt();
        // The shell shows its prompt again after an empty line.
        this.#ready += '\n';
        return;
      case '\x04':
        if (this.#line === '') this.#ended = true;
        return;
      case '\x15':
        await this.#screen.write(ERASE.repeat(this.#line.length));
        this.#line = '';
        return;
      default:
        if (character < ' ' && character !== '\t') return;
        this.#line += character;
        await this.#screen.write(character);
    }
  }
}
