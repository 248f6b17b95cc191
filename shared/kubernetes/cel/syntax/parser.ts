import type { Token as AntlrToken, ParserRuleContext } from 'antlr4ng';
import type { Issue } from '../source';
import { Uint } from '../values/value';
import type { Expr, MapEntry, StructField } from './ast';
import { Rule, Token } from './grammar';
import { expandMacros, MacroError } from './macros';
import { parseTree, rules, tokens } from './parse-tree';
import { unescapeBytes, unescapeString } from './unescape';

const LONGEST = 100_000;

const RESERVED = new Set([
  ...['as', 'break', 'const', 'continue', 'else', 'false', 'for', 'function', 'if', 'import', 'in', 'let', 'loop'],
  ...['package', 'namespace', 'null', 'return', 'true', 'var', 'void', 'while'],
]);

const OPERATORS = new Map([
  [Token.LESS, '_<_'],
  [Token.LESS_EQUALS, '_<=_'],
  [Token.GREATER, '_>_'],
  [Token.GREATER_EQUALS, '_>=_'],
  [Token.EQUALS, '_==_'],
  [Token.NOT_EQUALS, '_!=_'],
  [Token.IN, '@in'],
  [Token.STAR, '_*_'],
  [Token.SLASH, '_/_'],
  [Token.PERCENT, '_%_'],
  [Token.PLUS, '_+_'],
  [Token.MINUS, '_-_'],
] as readonly (readonly [number, string])[]);

/** An expression's tree, its macros expanded, or all that is wrong with its syntax (cel-go's `parser.Parse`). */
export function parse(expression: string): { readonly expr: Expr } | { readonly issues: readonly Issue[] } {
  const length = [...expression].length;
  if (length > LONGEST) {
    const message = `expression code point size exceeds limit: size: ${length}, limit ${LONGEST}`;
    return { issues: [{ message, offset: undefined }] };
  }
  const parsed = parseTree(expression);
  if ('issues' in parsed) return parsed;
  const builder = new Builder();
  const expr = builder.build(parsed.tree);
  return builder.issues.length === 0 ? { expr } : { issues: builder.issues };
}

/** Makes expressions of the grammar's tree. */
class Builder {
  readonly issues: Issue[] = [];

  build(node: ParserRuleContext | undefined): Expr {
    switch (node?.ruleIndex) {
      case Rule.start:
        return this.build(rules(node, Rule.expr)[0]);
      case Rule.expr:
        return this.#conditional(node);
      case Rule.conditionalOr:
        return this.#chain(node, Rule.conditionalAnd, Token.LOGICAL_OR, '_||_');
      case Rule.conditionalAnd:
        return this.#chain(node, Rule.relation, Token.LOGICAL_AND, '_&&_');
      case Rule.relation:
      case Rule.calc:
        return this.#binary(node);
      case Rule.unary:
        return this.#unary(node);
      case Rule.member:
        return this.#member(node);
      case Rule.primary:
        return this.#primary(node);
      case Rule.literal:
        return this.#literal(node);
      default:
        throw new TypeError(`no expression is made of rule ${node?.ruleIndex}`);
    }
  }

  #conditional(node: ParserRuleContext): Expr {
    const [condition, yes] = rules(node, Rule.conditionalOr);
    const [mark] = tokens(node, Token.QUESTIONMARK);
    if (mark === undefined) return this.build(condition);
    const test = this.build(condition);
    const ifTrue = this.build(yes);
    return this.#call(mark.start, '_?_:_', [test, ifTrue, this.build(rules(node, Rule.expr)[0])]);
  }

  /** A chain of the same operator becomes a balanced tree, so that a long one is not a deep one. */
  #chain(node: ParserRuleContext, rule: number, token: number, name: string): Expr {
    const terms = rules(node, rule).map((term) => this.build(term));
    const operators = tokens(node, token);
    const balanced = (from: number, to: number): Expr => {
      const middle = Math.floor((from + to + 1) / 2);
      const left = middle === from ? terms[middle] : balanced(from, middle - 1);
      const right = middle === to ? terms[middle + 1] : balanced(middle + 1, to);
      return this.#call(operators[middle]?.start ?? 0, name, [left ?? this.#nothing(), right ?? this.#nothing()]);
    };
    return operators.length === 0 ? (terms[0] ?? this.#nothing()) : balanced(0, operators.length - 1);
  }

  #binary(node: ParserRuleContext): Expr {
    const operands = rules(node, node.ruleIndex);
    const [operator] = tokens(node, ...OPERATORS.keys());
    if (operator === undefined)
      return this.build(rules(node, node.ruleIndex === Rule.relation ? Rule.calc : Rule.unary)[0]);
    const left = this.build(operands[0]);
    return this.#call(operator.start, OPERATORS.get(operator.type) ?? '', [left, this.build(operands[1])]);
  }

  #unary(node: ParserRuleContext): Expr {
    const operators = tokens(node, Token.EXCLAM, Token.MINUS);
    const operand = this.build(rules(node, Rule.member)[0]);
    const [first] = operators;
    // Two of them are none.
    if (first === undefined || operators.length % 2 === 0) return operand;
    return this.#call(first.start, first.type === Token.EXCLAM ? '!_' : '-_', [operand]);
  }

  #member(node: ParserRuleContext): Expr {
    const [primary] = rules(node, Rule.primary);
    if (primary !== undefined) return this.build(primary);
    const operand = this.build(rules(node, Rule.member)[0]);
    const optional = tokens(node, Token.QUESTIONMARK).length > 0;
    const [bracket] = tokens(node, Token.LBRACKET);
    if (bracket !== undefined) {
      const index = this.build(rules(node, Rule.expr)[0]);
      return this.#call(bracket.start, optional ? '_[?_]' : '_[_]', [operand, index]);
    }
    const [paren] = tokens(node, Token.LPAREN);
    if (paren !== undefined) {
      const [name] = tokens(node, Token.IDENTIFIER);
      return this.#call(paren.start, name?.text ?? '', this.#list(node), operand);
    }
    const [dot] = tokens(node, Token.DOT);
    const offset = dot?.start ?? 0;
    const [name] = rules(node, Rule.escapeIdent);
    const field = this.#fieldName(name);
    if (!optional) return { kind: 'select', offset, operand, field, testOnly: false };
    const literal: Expr = { kind: 'literal', offset: name?.start?.start ?? offset, value: field };
    return this.#call(offset, '_?._', [operand, literal]);
  }

  #primary(node: ParserRuleContext): Expr {
    const [literal] = rules(node, Rule.literal);
    if (literal !== undefined) return this.build(literal);
    const names = tokens(node, Token.IDENTIFIER);
    const [brace] = tokens(node, Token.LBRACE);
    const dots = tokens(node, Token.DOT);
    if (names.length > 0 && brace !== undefined) {
      const leading = dots.length === names.length ? '.' : '';
      return {
        kind: 'struct',
        offset: brace.start,
        typeName: leading + names.map(({ text }) => text).join('.'),
        fields: rules(node, Rule.fieldInitializerList).flatMap((list) => this.#fields(list)),
      };
    }
    const [name] = names;
    if (name !== undefined) return this.#named(node, name, dots.length > 0);
    if (brace !== undefined) {
      const entries = rules(node, Rule.mapInitializerList).flatMap((list) => this.#entries(list));
      return { kind: 'map', offset: brace.start, entries };
    }
    const [bracket] = tokens(node, Token.LBRACKET);
    if (bracket === undefined) return this.build(rules(node, Rule.expr)[0]);
    const elements = rules(node, Rule.listInit).flatMap((list) => rules(list, Rule.optExpr));
    return {
      kind: 'list',
      offset: bracket.start,
      elements: elements.map((element) => this.build(rules(element, Rule.expr)[0])),
      optional: new Set(elements.flatMap((element, index) => (isOptional(element) ? [index] : []))),
    };
  }

  #named(node: ParserRuleContext, token: AntlrToken, leadingDot: boolean): Expr {
    const name = token.text ?? '';
    if (RESERVED.has(name)) return this.#fail(`reserved identifier: ${name}`, node.start?.start ?? token.start);
    const full = leadingDot ? `.${name}` : name;
    const [paren] = tokens(node, Token.LPAREN);
    if (paren === undefined) return { kind: 'ident', offset: token.start, name: full };
    return this.#call(paren.start, full, this.#list(node));
  }

  #list(node: ParserRuleContext): Expr[] {
    return rules(node, Rule.exprList).flatMap((list) => rules(list, Rule.expr).map((one) => this.build(one)));
  }

  #entries(node: ParserRuleContext): MapEntry[] {
    const keys = rules(node, Rule.optExpr);
    const values = rules(node, Rule.expr);
    return tokens(node, Token.COLON).map((colon, index) => {
      const key = keys[index];
      return {
        offset: colon.start,
        key: this.build(key === undefined ? undefined : rules(key, Rule.expr)[0]),
        value: this.build(values[index]),
        optional: key !== undefined && isOptional(key),
      };
    });
  }

  #fields(node: ParserRuleContext): StructField[] {
    const names = rules(node, Rule.optField);
    const values = rules(node, Rule.expr);
    return tokens(node, Token.COLON).map((colon, index) => {
      const field = names[index];
      return {
        offset: colon.start,
        name: this.#fieldName(field === undefined ? undefined : rules(field, Rule.escapeIdent)[0]),
        value: this.build(values[index]),
        optional: field !== undefined && isOptional(field),
      };
    });
  }

  #fieldName(node: ParserRuleContext | undefined): string {
    const [name] = node === undefined ? [] : tokens(node, Token.IDENTIFIER, Token.ESC_IDENTIFIER);
    if (name?.type === Token.ESC_IDENTIFIER) this.#fail("unsupported syntax: '`'", name.start);
    return name?.text ?? '';
  }

  #literal(node: ParserRuleContext): Expr {
    const offset = node.start?.start ?? 0;
    const text = node.getText();
    const [token] = tokens(node, Token.NUM_INT, Token.NUM_UINT, Token.NUM_FLOAT, Token.STRING, Token.BYTES);
    try {
      switch (token?.type) {
        case Token.NUM_INT:
          return { kind: 'literal', offset, value: integer(text, -(2n ** 63n), 2n ** 63n - 1n, 'int') };
        case Token.NUM_UINT:
          return { kind: 'literal', offset, value: new Uint(integer(text.slice(0, -1), 0n, 2n ** 64n - 1n, 'uint')) };
        case Token.NUM_FLOAT: {
          const value = Number(text);
          if (!Number.isFinite(value)) throw new RangeError('invalid double literal');
          return { kind: 'literal', offset, value };
        }
        case Token.STRING:
          return { kind: 'literal', offset, value: unescapeString(text) };
        case Token.BYTES:
          return { kind: 'literal', offset, value: unescapeBytes(text.slice(1)) };
        default:
          return { kind: 'literal', offset, value: text === 'null' ? null : text === 'true' };
      }
    } catch (error) {
      if (error instanceof RangeError) return this.#fail(error.message, offset);
      throw error;
    }
  }

  #call(offset: number, name: string, args: readonly Expr[], target?: Expr): Expr {
    try {
      return expandMacros({ kind: 'call', offset, function: name, target, args });
    } catch (error) {
      if (error instanceof MacroError) return this.#fail(error.message, error.offset);
      throw error;
    }
  }

  #fail(message: string, offset: number): Expr {
    this.issues.push({ message, offset });
    return this.#nothing();
  }

  /** Stands where an expression could not be made; it is never looked at. */
  #nothing(): Expr {
    return { kind: 'literal', offset: 0, value: null };
  }
}

function isOptional(node: ParserRuleContext): boolean {
  return tokens(node, Token.QUESTIONMARK).length > 0;
}

function integer(text: string, least: bigint, most: bigint, type: string): bigint {
  const negative = text.startsWith('-');
  const magnitude = BigInt(negative ? text.slice(1) : text);
  const value = negative ? -magnitude : magnitude;
  if (value < least || value > most) throw new RangeError(`invalid ${type} literal`);
  return value;
}
