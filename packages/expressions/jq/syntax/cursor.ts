import { ExpressionLimitError, ExpressionSyntaxError } from "../../errors.ts";
import { SOURCE_NESTING_MAX } from "../../limits.ts";
import type { Ast } from "./ast.ts";
import type { Token } from "./token.ts";

/** Reads a whole pipeline, or one without commas at its top. All parts of the grammar come back to it. */
type ReadPipe = (cursor: Cursor, commas?: boolean) => Ast;

/** A place in a list of tokens. */
export class Cursor {
  readonly source: string;
  readonly pipe: ReadPipe;
  readonly #tokens: Token[];
  #at = 0;
  #nesting: number;
  /** The line that was reached, and where it begins: lines are asked for in their order. */
  #line = 1;
  #lineBegin = 0;

  constructor(source: string, tokens: readonly Token[], pipe: ReadPipe, nesting = 0) {
    this.source = source;
    this.pipe = pipe;
    this.#tokens = [...tokens];
    this.#nesting = nesting;
  }

  get token(): Token {
    return this.#tokens[this.#at] ?? this.#end();
  }

  get atEnd(): boolean {
    return this.token.kind === "end";
  }

  get next(): Token {
    return this.#tokens[this.#at + 1] ?? this.#end();
  }

  /** A cursor on the tokens of an interpolation. */
  inside(tokens: readonly Token[]): Cursor {
    return new Cursor(this.source, tokens, this.pipe, this.#nesting + 1);
  }

  /** Takes the token at hand, whatever it is. */
  take(): Token {
    const { token } = this;
    this.#at++;
    return token;
  }

  is(word: string): boolean {
    const { kind, text } = this.token;
    return text === word && (kind === "operator" || kind === "keyword");
  }

  /** Takes the token if it is this operator or keyword. */
  skip(word: string): boolean {
    const found = this.is(word);
    if (found) this.#at++;
    return found;
  }

  /** Takes a `?`, also the one of `?//` where no pattern stands before it: then `//` is what is at hand. */
  skipQuestion(): boolean {
    const { kind, text, position } = this.token;
    if (kind !== "operator" || !text.startsWith("?")) return false;
    if (text === "?") this.#at++;
    else this.#tokens[this.#at] = { kind, text: text.slice(1), position: position + 1, parts: [] };
    return true;
  }

  expect(word: string): void {
    if (!this.skip(word)) this.fail(`'${word}'`);
  }

  /** Takes a token of one of these kinds. */
  expectKind(kinds: readonly Token["kind"][], expected: string): Token {
    return kinds.includes(this.token.kind) ? this.take() : this.fail(expected);
  }

  /** Reads one level deeper. */
  nested<T>(read: () => T): T {
    if (++this.#nesting > SOURCE_NESTING_MAX) throw new ExpressionLimitError("source nesting", SOURCE_NESTING_MAX);
    const result = read();
    this.#nesting--;
    return result;
  }

  fail(expected: string, token: Token = this.token): never {
    throw new ExpressionSyntaxError(`found ${nameOf(token)}, expected ${expected}`, this.source, token.position);
  }

  /** The line of a token, beginning at 1. */
  lineOf(token: Token): number {
    for (let at = this.source.indexOf("\n", this.#lineBegin); at >= 0 && at < token.position; ) {
      this.#line++;
      this.#lineBegin = at + 1;
      at = this.source.indexOf("\n", this.#lineBegin);
    }
    return this.#line;
  }

  #end(): Token {
    return { kind: "end", text: "", position: this.source.length, parts: [] };
  }
}

function nameOf(token: Token): string {
  switch (token.kind) {
    case "end":
      return token.text === "" ? "the end" : `'${token.text}'`;
    case "text":
      return "a text";
    case "field":
      return `'.${token.text}'`;
    case "variable":
      return `'$${token.text}'`;
    case "format":
      return `'@${token.text}'`;
    case "operator":
    case "keyword":
    case "name":
    case "number":
      return `'${token.text}'`;
  }
}
