import type { AndOr, Command, List, Pipeline, Redirection, Word, WordPart } from './syntax';
import { ShellSyntaxError } from './syntax';

const RESERVED = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}', ')', ';;']);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/** Reads a script of the POSIX shell language into its tree. @throws ShellSyntaxError */
export function parseScript(text: string): List {
  return new Parser(text).script();
}

class Parser {
  readonly #text: string;
  #at = 0;
  readonly #hereDocuments: { delimiter: string; stripTabs: boolean; expand: boolean; fill: (word: Word) => void }[] =
    [];

  constructor(text: string) {
    this.#text = text.replace(/\r\n/g, '\n');
  }

  script(): List {
    const list = this.#list();
    this.#blanks(true);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return list;
  }

  #unexpected(): ShellSyntaxError {
    this.#blanks(false);
    if (this.#at >= this.#text.length) {
      return new ShellSyntaxError('syntax error: unexpected end of file', true);
    }
    const token = /^(;;|&&|\|\||[;&|()<>]|\n|[^\s;&|()<>]+)/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    return new ShellSyntaxError(`syntax error: unexpected ${token === '\n' ? 'newline' : `"${token}"`}`);
  }

  #startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  /** Skips blanks and comments, and with `lines` the ends of lines too. */
  #blanks(lines: boolean): void {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === ' ' || c === '\t') this.#at++;
      else if (c === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2;
      else if (c === '#') {
        while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at++;
      } else if (c === '\n' && lines) {
        this.#at++;
        this.#readHereDocuments();
      } else return;
    }
  }

  /** The reserved word or bare word that comes next, without taking it. */
  #peekWord(): string {
    this.#blanks(false);
    if (this.#startsWith(';;')) return ';;';
    if (this.#startsWith(')')) return ')';
    return /^[^\s;&|()<>]+/.exec(this.#text.slice(this.#at, this.#at + 64))?.[0] ?? '';
  }

  #take(word: string): boolean {
    if (this.#peekWord() !== word) return false;
    this.#at += word.length;
    return true;
  }

  #expect(word: string): void {
    this.#blanks(true);
    if (!this.#take(word)) throw this.#unexpected();
  }

  #list(): List {
    const list: AndOr[] = [];
    for (;;) {
      this.#blanks(true);
      if (this.#at >= this.#text.length || RESERVED.has(this.#peekWord())) return list;
      const { first, rest } = this.#andOr();
      this.#blanks(false);
      let background = false;
      if (this.#startsWith('&') && !this.#startsWith('&&')) {
        background = true;
        this.#at++;
      } else if (this.#startsWith(';') && !this.#startsWith(';;')) this.#at++;
      else if (this.#at < this.#text.length && this.#text[this.#at] !== '\n' && !RESERVED.has(this.#peekWord())) {
        throw this.#unexpected();
      }
      list.push({ first, rest, background });
    }
  }

  /** A list that must hold something, as the body of a loop. */
  #body(): List {
    const list = this.#list();
    if (list.length === 0) throw this.#unexpected();
    return list;
  }

  #andOr(): { first: Pipeline; rest: { operator: '&&' | '||'; pipeline: Pipeline }[] } {
    const first = this.#pipeline();
    const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = [];
    for (;;) {
      this.#blanks(false);
      const operator = this.#startsWith('&&') ? '&&' : this.#startsWith('||') ? '||' : undefined;
      if (operator === undefined) return { first, rest };
      this.#at += 2;
      this.#blanks(true);
      rest.push({ operator, pipeline: this.#pipeline() });
    }
  }

  #pipeline(): Pipeline {
    const negated = this.#take('!');
    const commands = [this.#command()];
    for (;;) {
      this.#blanks(false);
      if (!this.#startsWith('|') || this.#startsWith('||')) return { negated, commands };
      this.#at++;
      this.#blanks(true);
      commands.push(this.#command());
    }
  }

  #command(): Command {
    const word = this.#peekWord();
    const compound = this.#compound(word);
    if (compound !== undefined) {
      const redirections: Redirection[] = [];
      for (let found = this.#redirection(); found !== undefined; found = this.#redirection()) redirections.push(found);
      return { ...compound, redirections };
    }
    if (RESERVED.has(word)) throw this.#unexpected();
    const definition = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*\([ \t]*\)/.exec(this.#text.slice(this.#at));
    if (definition !== null) {
      this.#at += definition[0].length;
      this.#blanks(true);
      return { kind: 'function', name: definition[1] ?? '', body: this.#command(), redirections: [] };
    }
    return this.#simple();
  }

  #compound(word: string): Command | undefined {
    const redirections: Redirection[] = [];
    this.#blanks(false);
    if (this.#startsWith('(')) {
      this.#at++;
      const body = this.#body();
      this.#expect(')');
      return { kind: 'group', body, subshell: true, redirections };
    }
    switch (word) {
      case '{': {
        this.#take('{');
        const body = this.#body();
        this.#expect('}');
        return { kind: 'group', body, subshell: false, redirections };
      }
      case 'if': {
        this.#take('if');
        const branches: { condition: List; body: List }[] = [];
        do {
          const condition = this.#body();
          this.#expect('then');
          branches.push({ condition, body: this.#body() });
        } while (this.#take('elif'));
        const otherwise = this.#take('else') ? this.#body() : undefined;
        this.#expect('fi');
        return { kind: 'if', branches, ...(otherwise === undefined ? {} : { otherwise }), redirections };
      }
      case 'while':
      case 'until': {
        this.#take(word);
        const condition = this.#body();
        this.#expect('do');
        const body = this.#body();
        this.#expect('done');
        return { kind: 'loop', until: word === 'until', condition, body, redirections };
      }
      case 'for': {
        this.#take('for');
        this.#blanks(false);
        const variable = NAME.exec(this.#text.slice(this.#at))?.[0];
        if (variable === undefined) throw this.#unexpected();
        this.#at += variable.length;
        this.#blanks(true);
        let words: Word[] | undefined;
        if (this.#take('in')) {
          words = [];
          for (let next = this.#word(); next !== undefined; next = this.#word()) words.push(next);
        }
        this.#blanks(false);
        if (this.#startsWith(';')) this.#at++;
        this.#expect('do');
        const body = this.#body();
        this.#expect('done');
        return { kind: 'for', variable, ...(words === undefined ? {} : { words }), body, redirections };
      }
      case 'case': {
        this.#take('case');
        const subject = this.#word();
        if (subject === undefined) throw this.#unexpected();
        this.#expect('in');
        const arms: { patterns: Word[]; body: List }[] = [];
        for (;;) {
          this.#blanks(true);
          if (this.#take('esac')) return { kind: 'case', word: subject, arms, redirections };
          if (this.#startsWith('(')) this.#at++;
          const patterns: Word[] = [];
          do {
            if (this.#startsWith('|')) this.#at++;
            const pattern = this.#word();
            if (pattern === undefined) throw this.#unexpected();
            patterns.push(pattern);
            this.#blanks(false);
          } while (this.#startsWith('|'));
          this.#expect(')');
          arms.push({ patterns, body: this.#list() });
          this.#blanks(true);
          if (!this.#take(';;') && this.#peekWord() !== 'esac') throw this.#unexpected();
        }
      }
      default:
        return undefined;
    }
  }

  #simple(): Command {
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      const redirection = this.#redirection();
      if (redirection !== undefined) {
        redirections.push(redirection);
        continue;
      }
      const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(this.#text.slice(this.#at, this.#at + 256));
      if (words.length === 0 && assignment !== null) {
        this.#at += assignment[0].length;
        assignments.push({ name: assignment[1] ?? '', value: this.#wordParts() });
        continue;
      }
      const word = this.#word();
      if (word === undefined) break;
      words.push(word);
    }
    if (words.length === 0 && assignments.length === 0 && redirections.length === 0) throw this.#unexpected();
    return { kind: 'simple', assignments, words, redirections };
  }

  #redirection(): Redirection | undefined {
    this.#blanks(false);
    const match = /^(\d*)(<<-?|>>|>&|<&|>\||&>|>|<)/.exec(this.#text.slice(this.#at, this.#at + 16));
    if (match === null) return undefined;
    const operator = match[2] ?? '';
    this.#at += match[0].length;
    const input = operator.startsWith('<');
    const descriptor = match[1] ? Number(match[1]) : input ? 0 : 1;
    const target = this.#word();
    if (target === undefined) throw this.#unexpected();
    if (operator.startsWith('<<')) {
      const redirection: { descriptor: number; operator: '<<'; target: Word } = {
        descriptor,
        operator: '<<',
        target: [],
      };
      const delimiter = target.map((part) => (part.kind === 'text' ? part.text : '')).join('');
      this.#hereDocuments.push({
        delimiter,
        stripTabs: operator === '<<-',
        expand: !target.some((part) => part.quoted),
        fill: (word) => {
          redirection.target = word;
        },
      });
      return redirection;
    }
    if (operator === '>&' || operator === '<&') return { descriptor, operator: '>&', target };
    return { descriptor, operator: operator === '>>' ? '>>' : input ? '<' : '>', target };
  }

  #readHereDocuments(): void {
    for (const { delimiter, stripTabs, expand, fill } of this.#hereDocuments.splice(0)) {
      let text = '';
      for (;;) {
        if (this.#at >= this.#text.length) throw new ShellSyntaxError('syntax error: unexpected end of file', true);
        const end = this.#text.indexOf('\n', this.#at);
        let line = this.#text.slice(this.#at, end < 0 ? undefined : end);
        this.#at = end < 0 ? this.#text.length : end + 1;
        if (stripTabs) line = line.replace(/^\t+/, '');
        if (line === delimiter) break;
        text += `${line}\n`;
      }
      fill(expand ? parseHereDocument(text) : [{ kind: 'text', text, quoted: true }]);
    }
  }

  /** The next word, or `undefined` where an operator, the line or the text ends. */
  #word(): Word | undefined {
    this.#blanks(false);
    const c = this.#text[this.#at];
    if (c === undefined || '\n;&|()<>'.includes(c)) return undefined;
    return this.#wordParts();
  }

  #wordParts(stop = ' \t\n;&|()<>'): Word {
    const parts: WordPart[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: false });
      text = '';
    };
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined || stop.includes(c)) break;
      if (c === "'") {
        const end = this.#text.indexOf("'", this.#at + 1);
        if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string', true);
        flush();
        parts.push({ kind: 'text', text: this.#text.slice(this.#at + 1, end), quoted: true });
        this.#at = end + 1;
      } else if (c === '"') {
        flush();
        this.#at++;
        parts.push({ kind: 'text', text: '', quoted: true }, ...this.#quoted('"'));
      } else if (c === '\\') {
        const next = this.#text[this.#at + 1];
        if (next === undefined) throw new ShellSyntaxError('syntax error: unexpected end of file', true);
        this.#at += 2;
        if (next === '\n') continue;
        flush();
        parts.push({ kind: 'text', text: next, quoted: true });
      } else if (c === '$' || c === '`') {
        const part = this.#expansion(false);
        if (part === undefined) {
          text += c;
          this.#at++;
        } else {
          flush();
          parts.push(part);
        }
      } else {
        text += c;
        this.#at++;
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
      const c = this.#text[this.#at];
      if (c === undefined) {
        if (close !== '') throw new ShellSyntaxError('syntax error: unterminated quoted string', true);
        break;
      }
      if (c === close) {
        this.#at++;
        break;
      }
      if (c === '\\' && '$`"\\\n'.includes(this.#text[this.#at + 1] ?? ' ')) {
        const next = this.#text[this.#at + 1] ?? '';
        if (next !== '\n') text += next;
        this.#at += 2;
        continue;
      }
      const part = c === '$' || c === '`' ? this.#expansion(true) : undefined;
      if (part === undefined) {
        text += c;
        this.#at++;
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
    const text = this.#text;
    if (text[this.#at] === '`') {
      const end = text.indexOf('`', this.#at + 1);
      if (end < 0) throw new ShellSyntaxError('syntax error: EOF in backquote substitution', true);
      const script = parseScript(text.slice(this.#at + 1, end).replace(/\\([$`\\])/g, '$1'));
      this.#at = end + 1;
      return { kind: 'command', script, quoted };
    }
    if (this.#startsWith('$((')) {
      const end = this.#matching(this.#at + 3, '))');
      const inner = new Parser(text.slice(this.#at + 3, end));
      this.#at = end + 2;
      return { kind: 'arithmetic', expression: inner.hereDocument(), quoted };
    }
    if (this.#startsWith('$(')) {
      this.#at += 2;
      const script = this.#list();
      this.#expect(')');
      return { kind: 'command', script, quoted };
    }
    if (this.#startsWith('${')) return this.#braced(quoted);
    const name = /^([A-Za-z_][A-Za-z0-9_]*|[0-9?$!#@*-])/.exec(text.slice(this.#at + 1, this.#at + 128))?.[0];
    if (name === undefined) return undefined;
    this.#at += 1 + name.length;
    return { kind: 'parameter', name, quoted };
  }

  #braced(quoted: boolean): WordPart {
    const match = /^\$\{(#?)([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[?$!#@*-])(:[-=+?]|##|%%|[-=+?#%])?/.exec(
      this.#text.slice(this.#at, this.#at + 256),
    );
    if (match === null) throw new ShellSyntaxError('syntax error: bad substitution');
    this.#at += match[0].length;
    const name = match[2] ?? '';
    const operator = match[1] === '#' ? 'length' : match[3];
    const word = quoted ? this.#quotedUntilBrace() : this.#wordParts('}');
    if (this.#text[this.#at] !== '}') throw new ShellSyntaxError('syntax error: missing "}"', true);
    this.#at++;
    return { kind: 'parameter', name, quoted, ...(operator === undefined ? {} : { operator, word }) };
  }

  #quotedUntilBrace(): Word {
    return this.#wordParts('}').map((part) => ({ ...part, quoted: true }));
  }

  #matching(from: number, close: string): number {
    let depth = 0;
    for (let i = from; i < this.#text.length; i++) {
      if (depth === 0 && this.#text.startsWith(close, i)) return i;
      if (this.#text[i] === '(') depth++;
      if (this.#text[i] === ')') depth--;
    }
    throw new ShellSyntaxError('syntax error: missing "))"', true);
  }
}

function parseHereDocument(text: string): Word {
  return new Parser(text).hereDocument();
}
