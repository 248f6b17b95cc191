import type { AndOr, Command, List, Pipeline, Redirection, Word } from './syntax';
import { ShellSyntaxError } from './syntax';
import { WordParser } from './word-parser';

const RESERVED = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}', ')', ';;']);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/** Reads a script of the POSIX shell language into its tree. @throws ShellSyntaxError */
export function parseScript(text: string): List {
  return new Parser(text).script();
}

/** Commands, and what joins them; {@link WordParser} reads the words that they are made of. */
class Parser extends WordParser {
  readonly #hereDocuments: { delimiter: string; stripTabs: boolean; expand: boolean; fill: (word: Word) => void }[] =
    [];

  script(): List {
    const list = this.list();
    this.blanks(true);
    if (this.at < this.text.length) throw this.unexpected();
    return list;
  }

  protected nested(text: string): Parser {
    return new Parser(text);
  }

  protected list(): List {
    const list: AndOr[] = [];
    for (;;) {
      this.blanks(true);
      if (this.at >= this.text.length || RESERVED.has(this.peekWord())) return list;
      const { first, rest } = this.#andOr();
      this.blanks(false);
      let background = false;
      if (this.startsWith('&') && !this.startsWith('&&')) {
        background = true;
        this.at++;
      } else if (this.startsWith(';') && !this.startsWith(';;')) this.at++;
      else if (this.at < this.text.length && this.text[this.at] !== '\n' && !RESERVED.has(this.peekWord())) {
        throw this.unexpected();
      }
      list.push({ first, rest, background });
    }
  }

  /** A list that must hold something, as the body of a loop. */
  #body(): List {
    const list = this.list();
    if (list.length === 0) throw this.unexpected();
    return list;
  }

  #andOr(): { first: Pipeline; rest: { operator: '&&' | '||'; pipeline: Pipeline }[] } {
    const first = this.#pipeline();
    const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = [];
    for (;;) {
      this.blanks(false);
      const operator = this.startsWith('&&') ? '&&' : this.startsWith('||') ? '||' : undefined;
      if (operator === undefined) return { first, rest };
      this.at += 2;
      this.blanks(true);
      rest.push({ operator, pipeline: this.#pipeline() });
    }
  }

  #pipeline(): Pipeline {
    const negated = this.take('!');
    const commands = [this.#command()];
    for (;;) {
      this.blanks(false);
      if (!this.startsWith('|') || this.startsWith('||')) return { negated, commands };
      this.at++;
      this.blanks(true);
      commands.push(this.#command());
    }
  }

  #command(): Command {
    const word = this.peekWord();
    const compound = this.#compound(word);
    if (compound !== undefined) {
      const redirections: Redirection[] = [];
      for (let found = this.#redirection(); found !== undefined; found = this.#redirection()) redirections.push(found);
      return { ...compound, redirections };
    }
    if (RESERVED.has(word)) throw this.unexpected();
    const definition = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*\([ \t]*\)/.exec(this.text.slice(this.at));
    if (definition !== null) {
      this.at += definition[0].length;
      this.blanks(true);
      return { kind: 'function', name: definition[1] ?? '', body: this.#command(), redirections: [] };
    }
    return this.#simple();
  }

  #compound(word: string): Command | undefined {
    const redirections: Redirection[] = [];
    this.blanks(false);
    if (this.startsWith('(')) {
      this.at++;
      const body = this.#body();
      this.expect(')');
      return { kind: 'group', body, subshell: true, redirections };
    }
    switch (word) {
      case '{': {
        this.take('{');
        const body = this.#body();
        this.expect('}');
        return { kind: 'group', body, subshell: false, redirections };
      }
      case 'if': {
        this.take('if');
        const branches: { condition: List; body: List }[] = [];
        do {
          const condition = this.#body();
          this.expect('then');
          branches.push({ condition, body: this.#body() });
        } while (this.take('elif'));
        const otherwise = this.take('else') ? this.#body() : undefined;
        this.expect('fi');
        return { kind: 'if', branches, ...(otherwise === undefined ? {} : { otherwise }), redirections };
      }
      case 'while':
      case 'until': {
        this.take(word);
        const condition = this.#body();
        this.expect('do');
        const body = this.#body();
        this.expect('done');
        return { kind: 'loop', until: word === 'until', condition, body, redirections };
      }
      case 'for': {
        this.take('for');
        this.blanks(false);
        const variable = NAME.exec(this.text.slice(this.at))?.[0];
        if (variable === undefined) throw this.unexpected();
        this.at += variable.length;
        this.blanks(true);
        let words: Word[] | undefined;
        if (this.take('in')) {
          words = [];
          for (let next = this.word(); next !== undefined; next = this.word()) words.push(next);
        }
        this.blanks(false);
        if (this.startsWith(';')) this.at++;
        this.expect('do');
        const body = this.#body();
        this.expect('done');
        return { kind: 'for', variable, ...(words === undefined ? {} : { words }), body, redirections };
      }
      case 'case': {
        this.take('case');
        const subject = this.word();
        if (subject === undefined) throw this.unexpected();
        this.expect('in');
        const arms: { patterns: Word[]; body: List }[] = [];
        for (;;) {
          this.blanks(true);
          if (this.take('esac')) return { kind: 'case', word: subject, arms, redirections };
          if (this.startsWith('(')) this.at++;
          const patterns: Word[] = [];
          do {
            if (this.startsWith('|')) this.at++;
            const pattern = this.word();
            if (pattern === undefined) throw this.unexpected();
            patterns.push(pattern);
            this.blanks(false);
          } while (this.startsWith('|'));
          this.expect(')');
          arms.push({ patterns, body: this.list() });
          this.blanks(true);
          if (!this.take(';;') && this.peekWord() !== 'esac') throw this.unexpected();
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
      const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(this.text.slice(this.at, this.at + 256));
      if (words.length === 0 && assignment !== null) {
        this.at += assignment[0].length;
        assignments.push({ name: assignment[1] ?? '', value: this.wordParts() });
        continue;
      }
      const word = this.word();
      if (word === undefined) break;
      words.push(word);
    }
    if (words.length === 0 && assignments.length === 0 && redirections.length === 0) throw this.unexpected();
    return { kind: 'simple', assignments, words, redirections };
  }

  #redirection(): Redirection | undefined {
    this.blanks(false);
    const match = /^(\d*)(<<-?|>>|>&|<&|>\||&>|>|<)/.exec(this.text.slice(this.at, this.at + 16));
    if (match === null) return undefined;
    const operator = match[2] ?? '';
    this.at += match[0].length;
    const input = operator.startsWith('<');
    const descriptor = match[1] ? Number(match[1]) : input ? 0 : 1;
    const target = this.word();
    if (target === undefined) throw this.unexpected();
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

  protected endOfLine(): void {
    for (const { delimiter, stripTabs, expand, fill } of this.#hereDocuments.splice(0)) {
      let text = '';
      for (;;) {
        if (this.at >= this.text.length) throw new ShellSyntaxError('syntax error: unexpected end of file', true);
        const end = this.text.indexOf('\n', this.at);
        let line = this.text.slice(this.at, end < 0 ? undefined : end);
        this.at = end < 0 ? this.text.length : end + 1;
        if (stripTabs) line = line.replace(/^\t+/, '');
        if (line === delimiter) break;
        text += `${line}\n`;
      }
      fill(expand ? this.nested(text).hereDocument() : [{ kind: 'text', text, quoted: true }]);
    }
  }
}
