import {
  type Token as AntlrToken,
  ATNDeserializer,
  type ATNSimulator,
  BaseErrorListener,
  CharStream,
  CommonTokenStream,
  LexerInterpreter,
  ParserInterpreter,
  ParserRuleContext,
  type ParseTree,
  type ParseTreeListener,
  type RecognitionException,
  type Recognizer,
  TerminalNode,
  Vocabulary,
} from 'antlr4ng';
import type { Issue } from '../source';
import { CHANNELS, LEXER_RULES, LITERAL_NAMES, lexerTable, MODES, parserTable, RULES, Token } from './grammar';

/** cel-go's defaults (parser/options.go). */
const DEEPEST = 250;
const MOST_SYNTAX_ERRORS = 100;

/** Parsing was given up; the issues say why. */
class GivenUp extends Error {}

class TooDeep extends GivenUp {}

/** Counts how deep each rule is nested, as cel-go does, so that no expression exhausts the stack. */
class DepthListener implements ParseTreeListener {
  readonly #depths = new Map<number, number>();

  enterEveryRule({ ruleIndex }: ParserRuleContext): void {
    const depth = (this.#depths.get(ruleIndex) ?? 0) + 1;
    if (depth > DEEPEST) throw new TooDeep(`expression recursion limit exceeded: ${DEEPEST}`);
    this.#depths.set(ruleIndex, depth);
  }

  exitEveryRule({ ruleIndex }: ParserRuleContext): void {
    this.#depths.set(ruleIndex, Math.max((this.#depths.get(ruleIndex) ?? 0) - 1, 0));
  }

  visitTerminal(): void {}
  visitErrorNode(): void {}
}

class Issues extends BaseErrorListener {
  readonly found: Issue[] = [];
  readonly #lines: readonly number[];

  constructor(lines: readonly number[]) {
    super();
    this.#lines = lines;
  }

  override syntaxError<S extends AntlrToken, T extends ATNSimulator>(
    _recognizer: Recognizer<T>,
    _symbol: S | null,
    line: number,
    column: number,
    text: string,
    _exception: RecognitionException | null,
  ): void {
    const offset = (this.#lines[line - 1] ?? 0) + column;
    if (this.found.length >= MOST_SYNTAX_ERRORS) {
      this.found.push({ message: `Syntax error: More than ${MOST_SYNTAX_ERRORS} syntax errors`, offset });
      throw new GivenUp();
    }
    const message = text.replace(
      /no viable alternative at input '\.(true|false|null)'/,
      "mismatched input '$1' expecting IDENTIFIER",
    );
    this.found.push({ message: `Syntax error: ${message}`, offset });
  }
}

/** The recognizers keep what they learn of the grammar, so that the second expression is parsed faster than the first. */
let recognizers: { readonly lexer: LexerInterpreter; readonly parser: ParserInterpreter } | undefined;

function makeRecognizers() {
  const symbols = [null, ...Object.keys(Token)];
  const vocabulary = new Vocabulary(LITERAL_NAMES, symbols);
  const table = (numbers: number[]) => new ATNDeserializer().deserialize(numbers);
  const lexer = new LexerInterpreter(
    'CEL',
    vocabulary,
    LEXER_RULES,
    CHANNELS,
    MODES,
    table(lexerTable()),
    CharStream.fromString(''),
  );
  const parser = new ParserInterpreter('CEL', vocabulary, RULES, table(parserTable()), new CommonTokenStream(lexer));
  return { lexer, parser };
}

/** The tree of an expression by the grammar's rules, or what keeps it from being one. */
export function parseTree(expression: string): { readonly tree: ParserRuleContext } | { readonly issues: Issue[] } {
  recognizers ??= makeRecognizers();
  const { lexer, parser } = recognizers;
  const issues = new Issues(lineStarts(expression));
  lexer.removeErrorListeners();
  lexer.addErrorListener(issues);
  parser.removeErrorListeners();
  parser.addErrorListener(issues);
  parser.removeParseListeners();
  parser.addParseListener(new DepthListener());
  parser.tokenStream = new CommonTokenStream(lexer);
  // After the stream: taking leave of the one before may read a token.
  lexer.inputStream = CharStream.fromString(expression);
  try {
    const tree = parser.parse(0);
    return issues.found.length === 0 ? { tree } : { issues: issues.found };
  } catch (error) {
    recognizers = undefined;
    // What is nested deeper than the parser's own stack reaches is deeper than the limit as well.
    if (error instanceof TooDeep || error instanceof RangeError) {
      issues.found.push({ message: `expression recursion limit exceeded: ${DEEPEST}`, offset: undefined });
    } else if (!(error instanceof GivenUp)) throw error;
    return { issues: issues.found };
  }
}

function lineStarts(expression: string): number[] {
  const starts = [0];
  let offset = 0;
  for (const character of expression) {
    offset++;
    if (character === '\n') starts.push(offset);
  }
  return starts;
}

/** The children of a node that are of a rule. */
export function rules(node: ParserRuleContext, rule: number): ParserRuleContext[] {
  return node.children.filter((child): child is ParserRuleContext => isRule(child, rule));
}

function isRule(node: ParseTree | undefined, rule: number): node is ParserRuleContext {
  return node instanceof ParserRuleContext && node.ruleIndex === rule;
}

/** The children of a node that are tokens of one of the types. */
export function tokens(node: ParserRuleContext, ...types: number[]): AntlrToken[] {
  return node.children.flatMap((child) =>
    child instanceof TerminalNode && types.includes(child.symbol.type) ? [child.symbol] : [],
  );
}
