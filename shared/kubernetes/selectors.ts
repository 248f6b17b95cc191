import { messageOf } from '../error-message';
import { labelValueProblems, qualifiedNameProblems } from './label-syntax';
import type { LabelSelector as LabelSelectorFields } from './meta';

type Labels = Readonly<Record<string, string>> | undefined;
type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | '>' | '<';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** Sorted, each once. */
  readonly values: readonly string[];
}

/** What chooses objects by their labels (k8s.io/apimachinery/pkg/labels). */
export class LabelSelector {
  readonly requirements: readonly Requirement[];
  readonly #nothing: boolean;

  constructor(requirements: readonly Requirement[], nothing = false) {
    this.requirements = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.#nothing = nothing;
  }

  /** True when it chooses every object. */
  get isEmpty(): boolean {
    return !this.#nothing && this.requirements.length === 0;
  }

  matches(labels: Labels): boolean {
    return !this.#nothing && this.requirements.every((requirement) => meets(requirement, labels));
  }

  /** In the grammar of the `labelSelector` query parameter; empty for everything. */
  toString(): string {
    return this.requirements.map(requirementText).join(',');
  }
}

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    default: {
      const bound = values[0];
      if (value === undefined || bound === undefined || !isInteger(value)) return false;
      return operator === '>' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
    }
  }
}

function requirementText({ key, operator, values }: Requirement): string {
  if (operator === 'exists') return key;
  if (operator === '!') return `!${key}`;
  if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${values.join(',')})`;
  return `${key}${operator}${values[0] ?? ''}`;
}

/** Whether it is an int64. */
function isInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

interface Token {
  readonly type: 'identifier' | 'keyword' | 'end' | 'error';
  readonly text: string;
}

const SYMBOLS = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);

function tokens(whole: string): Token[] {
  const found: Token[] = [];
  // Go's lexer takes a zero byte for the end.
  const text = whole.split('\0', 1)[0] ?? '';
  let at = 0;
  while (at < text.length) {
    const start = at;
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      at++;
    } else if ('=!(),><'.includes(char)) {
      // The longest run of special characters that is a symbol: `!=` before `!`.
      at++;
      while (at < text.length && SYMBOLS.has(text.slice(start, at + 1))) at++;
      found.push({ type: 'keyword', text: text.slice(start, at) });
    } else {
      while (at < text.length && !/[\s=!(),><]/.test(text.charAt(at))) at++;
      const word = text.slice(start, at);
      found.push({ type: word === 'in' || word === 'notin' ? 'keyword' : 'identifier', text: word });
    }
  }
  return found;
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.type === 'end') return requirements;
      if (!startsRequirement(token)) {
        throw new Error(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next.type === 'end') return requirements;
      if (next.text !== ',') throw new Error(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (!startsRequirement(after)) throw new Error(`found '${after.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    try {
      return this.#checkedRequirement();
    } catch (error) {
      throw new Error(`unable to parse requirement: ${messageOf(error)}`);
    }
  }

  #checkedRequirement(): Requirement {
    let token = this.#take();
    const absent = token.text === '!';
    if (absent) token = this.#take();
    if (token.type !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`);
    const key = token.text;
    checkKey('<nil>', key);
    const next = this.#peek();
    if (next.type === 'end' || next.text === ',') return { key, operator: absent ? '!' : 'exists', values: [] };
    if (absent) return { key, operator: '!', values: [] };
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#list() : [this.#exact()];
    return requirement(key, operator, values);
  }

  #operator(): Exclude<Operator, 'exists' | '!'> {
    const token = this.#take(false);
    switch (token.text) {
      case 'in':
      case 'notin':
      case '=':
      case '==':
      case '!=':
      case '>':
      case '<':
        return token.text;
      default:
        throw new Error(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
    }
  }

  #list(): string[] {
    const open = this.#take();
    if (open.text !== '(') throw new Error(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.text === ')') {
      this.#take();
      return [''];
    }
    if (first.type !== 'identifier' && first.text !== ',') {
      throw new Error(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values: string[] = [];
    let expectsValue = true;
    for (;;) {
      const token = this.#take();
      if (token.type === 'identifier' && expectsValue) {
        values.push(token.text);
        expectsValue = false;
      } else if (token.text === ',') {
        // An empty place between commas is the empty value.
        if (expectsValue) values.push('');
        expectsValue = true;
      } else if (token.text === ')') {
        if (expectsValue) values.push('');
        return values;
      } else {
        throw new Error(`found '${token.text}', expected: ${expectsValue ? "',', or identifier" : "',' or ')'"}`);
      }
    }
  }

  #exact(): string {
    const next = this.#peek();
    if (next.type === 'end' || next.text === ',') return '';
    const token = this.#take();
    if (token.type !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  /** @param asValue whether `in` and `notin` are plain words here. */
  #peek(asValue = true): Token {
    const token = this.#tokens[this.#position] ?? { type: 'end', text: '' };
    const isWord = asValue && (token.text === 'in' || token.text === 'notin');
    return isWord ? { type: 'identifier', text: token.text } : token;
  }

  #take(asValue = true): Token {
    const token = this.#peek(asValue);
    this.#position++;
    return token;
  }
}

function startsRequirement(token: Token): boolean {
  return token.type === 'identifier' || token.text === '!';
}

function checkKey(path: string, key: string): void {
  const problems = qualifiedNameProblems(key);
  if (problems.length > 0) throw new Error(`${path}: Invalid value: ${JSON.stringify(key)}: ${problems.join('; ')}`);
}

function requirement(key: string, operator: Operator, given: readonly string[]): Requirement {
  const values = [...new Set(given)].sort();
  const faults: string[] = [];
  values.forEach((value, index) => {
    if ((operator === '>' || operator === '<') && !isInteger(value)) {
      faults.push(
        `values[${index}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    }
    const problems = labelValueProblems(value);
    if (problems.length > 0) {
      faults.push(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`);
    }
  });
  if (faults.length > 0) throw new Error(faults.length === 1 ? faults[0] : `[${faults.join(', ')}]`);
  return { key, operator, values };
}

/**
 * Reads the grammar of the `labelSelector` query parameter: `app=web,tier notin (a,b),!legacy`.
 * @throws Error with upstream's text when it cannot be read.
 */
export function parseLabelSelector(text: string): LabelSelector {
  return new LabelSelector(new Parser(text).parse());
}

const OPERATORS: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

/**
 * The selector that stands in an object (`meta/v1.LabelSelector`). An absent one chooses nothing, an empty one everything.
 * @throws Error when an operator is unknown.
 */
export function selectorFromLabelSelector(selector: LabelSelectorFields | undefined): LabelSelector {
  if (selector === undefined) return new LabelSelector([], true);
  const requirements: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: '=',
    values: [value],
  }));
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const known = OPERATORS[operator];
    if (known === undefined) throw new Error(`"${operator}" is not a valid label selector operator`);
    requirements.push({ key, operator: known, values: [...new Set(values ?? [])].sort() });
  }
  return new LabelSelector(requirements);
}

/** The selector of an object in the query's grammar; empty when it has no requirements. */
export function formatLabelSelector(selector: LabelSelectorFields | undefined): string {
  return selectorFromLabelSelector(selector).toString();
}

/** One term of a field selector. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/**
 * Reads the `fieldSelector` query parameter: `status.phase!=Running,spec.nodeName=a` (k8s.io/apimachinery/pkg/fields).
 * A backslash escapes `\`, `,` and `=`.
 * @throws Error with upstream's text when it cannot be read.
 */
export function parseFieldSelector(text: string): FieldRequirement[] {
  const terms = splitUnescaped(text).sort();
  return terms
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
      if (match === null) throw new Error(`invalid selector: '${text}'; can't understand '${term}'`);
      const [, field = '', operator, value = ''] = match;
      return { field, operator: operator === '!=' ? '!=' : '=', value: unescapeValue(value) };
    });
}

function splitUnescaped(text: string): string[] {
  const terms: string[] = [''];
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === ',') terms.push('');
    else if (char === '\\') terms.push(`${terms.pop() ?? ''}${char}${text.charAt(++index)}`);
    else terms.push(`${terms.pop() ?? ''}${char}`);
  }
  return terms;
}

function unescapeValue(text: string): string {
  let value = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '\\') {
      const escaped = text.charAt(++index);
      if (!['\\', ',', '='].includes(escaped)) {
        throw new Error(`invalid field selector: invalid escape sequence: \\${escaped}`);
      }
      value += escaped;
    } else if (char === '=') {
      throw new Error(`invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`);
    } else value += char;
  }
  return value;
}
