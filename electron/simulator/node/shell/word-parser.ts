import type { List, Word, WordPart } from './syntax';
import { ShellSyntaxError } from './syntax';

/** Reads what commands are made of: blanks, words, quotes, and the expansions in them. */
export abstract class WordParser {
  protected readonly text: string;
  protected at = 0;

  constructor(text: string) {
    this.text = text.replace(/\r\n/g, '\n');
  }

  /** The whole text as commands. */
  abstract script(): List;
  /** Commands up to a word that cannot begin one. */
  protected abstract list(): List;
  /** A parser of its own for a part of the text. */
  protected abstract nested(text: string): WordParser;
  /** Called after each end of a line that is passed over. */
  protected abstract endOfLine(): void;

  protected unexpected(): ShellSyntaxError {
    this.blanks(false);
    if (this.at >= this.text.length) {
      return new ShellSyntaxError('syntax error: unexpected end of file', true);
    }
    const token = /^(;;|&&|\|\||[;&|()<>]|\n|[^\s;&|()<>]+)/.exec(this.text.slice(this.at))?.[0] ?? '';
    return new ShellSyntaxError(`syntax error: unexpected ${token === '\n' ? 'newline' : `"${token}"`}`);
  }

  protected startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Skips blanks and comments, and with `lines` the ends of lines too. */
  protected blanks(lines: boolean): void {
    for (;;) {
      const c = this.text[this.at];
      if (c === ' ' || c === '\t') this.at++;
      else if (c === '\\' && this.text[this.at + 1] === '\n') this.at += 2;
      else if (c === '#') {
        while (this.at < this.text.length && this.text[this.at] !== '\n') this.at++;
      } else if (c === '\n' && lines) {
        this.at++;
        this.endOfLine();
      } else return;
    }
  }

  /** The reserved word or bare word that comes next, without taking it. */
  protected peekWord(): string {
    this.blanks(false);
    if (this.startsWith(';;')) return ';;';
    if (this.startsWith(')')) return ')';
    return /^[^\s;&|()<>]+/.exec(this.text.slice(this.at, this.at + 64))?.[0] ?? '';
  }

  protected take(word: string): boolean {
    if (this.peekWord() !== word) return false;
    this.at += word.length;
    return true;
  }

  protected expect(word: string): void {
    this.blanks(true);
    if (!this.take(word)) throw this.unexpected();
  }

  /** The next word, or `undefined` where an operator, the line or the text ends. */
  protected word(): Word | undefined {
    this.blanks(false);
    const c = this.text[this.at];
    if (c === undefined || '\n;&|()<>'.includes(c)) return undefined;
    return this.wordParts();
  }

  protected wordParts(stop = ' \t\n;&|()<>'): Word {
    const parts: WordPart[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: false });
      text = '';
    };
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined || stop.includes(c)) break;
      if (c === "'") {
        const end = this.text.indexOf("'", this.at + 1);
        if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string', true);
        flush();
        parts.push({ kind: 'text', text: this.text.slice(this.at + 1, end), quoted: true });
        this.at = end + 1;
      } else if (c === '"') {
        flush();
        this.at++;
        parts.push({ kind: 'text', text: '', quoted: true }, ...this.#quoted('"'));
      } else if (c === '\\') {
        const next = this.text[this.at + 1];
        if (next === undefined) throw new ShellSyntaxError('syntax error: unexpected end of file', true);
        this.at += 2;
        if (next === '\n') continue;
        flush();
        parts.push({ kind: 'text', text: next, quoted: true });
      } else if (c === '$' || c === '`') {
        const part = this.#expansion(false);
        if (part === undefined) {
          text += c;
          this.at++;
        } else {
          flush();
          parts.push(part);
        }
      } else {
        text += c;
        this.at++;
      }
    }
    flush();
    return parts;
  }

  /** What stands between double quotes, up to and with the closing one; with '' up to the end of the text. */
  #quoted(close: '"' | ''): WordPart[] {
    const parts: WordPart[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: true });
      text = '';
    };
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) {
        if (close !== '') throw new ShellSyntaxError('syntax error: unterminated quoted string', true);
        break;
      }
      if (c === close) {
        this.at++;
        break;
      }
      if (c === '\\' && '$`"\\\n'.includes(this.text[this.at + 1] ?? ' ')) {
        const next = this.text[this.at + 1] ?? '';
        if (next !== '\n') text += next;
        this.at += 2;
        continue;
      }
      const part = c === '$' || c === '`' ? this.#expansion(true) : undefined;
      if (part === undefined) {
        text += c;
        this.at++;
      } else {
        flush();
        parts.push(part);
      }
    }
    flush();
    return parts;
  }

  /** A here-document's text, in which only `$`, backquotes and backslashes mean something. */
  hereDocument(): Word {
    return this.#quoted('');
  }

  #expansion(quoted: boolean): WordPart | undefined {
    const text = this.text;
    if (text[this.at] === '`') {
      const end = text.indexOf('`', this.at + 1);
      if (end < 0) throw new ShellSyntaxError('syntax error: EOF in backquote substitution', true);
      const script = this.nested(text.slice(this.at + 1, end).replace(/\\([$`\\])/g, '$1')).script();
      this.at = end + 1;
      return { kind: 'command', script, quoted };
    }
    if (this.startsWith('$((')) {
      const end = this.#matching(this.at + 3, '))');
      const inner = this.nested(text.slice(this.at + 3, end));
      this.at = end + 2;
      return { kind: 'arithmetic', expression: inner.hereDocument(), quoted };
    }
    if (this.startsWith('$(')) {
      this.at += 2;
      const script = this.list();
      this.expect(')');
      return { kind: 'command', script, quoted };
    }
    if (this.startsWith('${')) return this.#braced(quoted);
    const name = /^([A-Za-z_][A-Za-z0-9_]*|[0-9?$!#@*-])/.exec(text.slice(this.at + 1, this.at + 128))?.[0];
    if (name === undefined) return undefined;
    this.at += 1 + name.length;
    return { kind: 'parameter', name, quoted };
  }

  #braced(quoted: boolean): WordPart {
    const match = /^\$\{(#?)([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[?$!#@*-])(:[-=+?]|##|%%|[-=+?#%])?/.exec(
      this.text.slice(this.at, this.at + 256),
    );
    if (match === null) throw new ShellSyntaxError('syntax error: bad substitution');
    this.at += match[0].length;
    const name = match[2] ?? '';
    const operator = match[1] === '#' ? 'length' : match[3];
    const word = quoted ? this.#quotedUntilBrace() : this.wordParts('}');
    if (this.text[this.at] !== '}') throw new ShellSyntaxError('syntax error: missing "}"', true);
    this.at++;
    return { kind: 'parameter', name, quoted, ...(operator === undefined ? {} : { operator, word }) };
  }

  #quotedUntilBrace(): Word {
    return this.wordParts('}').map((part) => ({ ...part, quoted: true }));
  }

  #matching(from: number, close: string): number {
    let depth = 0;
    for (let i = from; i < this.text.length; i++) {
      if (depth === 0 && this.text.startsWith(close, i)) return i;
      if (this.text[i] === '(') depth++;
      if (this.text[i] === ')') depth--;
    }
    throw new ShellSyntaxError('syntax error: missing "))"', true);
  }
}
