/** A piece of a word. `quoted` pieces are neither split into fields nor matched as patterns. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      /** `:-`, `-`, `:=`, `=`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, or `length`. */
      readonly operator?: string;
      readonly word?: Word;
      readonly quoted: boolean;
    }
  | { readonly kind: 'command'; readonly script: List; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean };

export type Word = readonly WordPart[];

export interface Redirection {
  readonly descriptor: number;
  readonly operator: '>' | '>>' | '<' | '>&' | '<<';
  /** The file; for `>&` the descriptor; for `<<` the text itself. */
  readonly target: Word;
}

export type Command = (
  | {
      readonly kind: 'simple';
      readonly assignments: readonly { name: string; value: Word }[];
      readonly words: readonly Word[];
    }
  | { readonly kind: 'group'; readonly body: List; readonly subshell: boolean }
  | { readonly kind: 'if'; readonly branches: readonly { condition: List; body: List }[]; readonly otherwise?: List }
  | { readonly kind: 'loop'; readonly until: boolean; readonly condition: List; readonly body: List }
  | { readonly kind: 'for'; readonly variable: string; readonly words?: readonly Word[]; readonly body: List }
  | { readonly kind: 'case'; readonly word: Word; readonly arms: readonly { patterns: readonly Word[]; body: List }[] }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command }
) & { readonly redirections: readonly Redirection[] };

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { operator: '&&' | '||'; pipeline: Pipeline }[];
  readonly background: boolean;
}

export type List = readonly AndOr[];

/** What a shell says of a script that it cannot read. */
export class ShellSyntaxError extends Error {
  /** More lines could make it whole: an interactive shell asks for them. */
  readonly incomplete: boolean;

  constructor(message: string, incomplete = false) {
    super(message);
    this.name = 'ShellSyntaxError';
    this.incomplete = incomplete;
  }
}
