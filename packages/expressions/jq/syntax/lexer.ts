import { ExpressionLimitError, ExpressionSyntaxError } from "../../errors.ts";
import { SOURCE_LENGTH_MAX, SOURCE_NESTING_MAX } from "../../limits.ts";
import { wellFormed } from "../values/unicode.ts";
import { KEYWORDS, type Token } from "./token.ts";

/** In the order in which they are tried; `y` makes a pattern match at one place only. */
const PATTERNS = {
  blank: /(?:[ \t\r\n\f\v]|#[^\n]*)+/y,
  number: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y,
  field: /\.[A-Za-z_][A-Za-z_0-9]*/y,
  variable: /\$(?:[A-Za-z_][A-Za-z_0-9]*::)*[A-Za-z_][A-Za-z_0-9]*/y,
  format: /@[A-Za-z_][A-Za-z_0-9]*/y,
  name: /(?:[A-Za-z_][A-Za-z_0-9]*::)*[A-Za-z_][A-Za-z_0-9]*/y,
  operator: /\?\/\/=?|\/\/=|[|+\-*/%=!<>]=|\/\/|\.\.|[|,=<>+\-*/%()[\]{}:;.?$]/y,
} as const;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Takes a source apart; the last token is of the kind `end`. Throws `ExpressionSyntaxError`. */
export function tokenize(source: string): readonly Token[] {
  if (source.length > SOURCE_LENGTH_MAX) throw new ExpressionLimitError("source length", SOURCE_LENGTH_MAX);
  return new Lexer(source).tokens(false);
}

class Lexer {
  readonly #source: string;
  #at = 0;
  #nesting = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Up to the end of the source or, inside a text, up to the parenthesis that closes the interpolation. */
  tokens(interpolated: boolean): Token[] {
    if (++this.#nesting > SOURCE_NESTING_MAX) throw new ExpressionLimitError("source nesting", SOURCE_NESTING_MAX);
    const tokens: Token[] = [];
    for (let open = 0; ; ) {
      this.#read("blank");
      const position = this.#at;
      if (position >= this.#source.length) {
        if (interpolated) this.#fail("found the end of the text, expected ')' to end the interpolation", position);
        tokens.push({ kind: "end", text: "", position, parts: [] });
        break;
      }
      const token = this.#token(position);
      if (token.text === "(" && token.kind === "operator") open++;
      if (token.text === ")" && token.kind === "operator" && open-- === 0 && interpolated) {
        tokens.push({ kind: "end", text: ")", position, parts: [] });
        break;
      }
      tokens.push(token);
    }
    this.#nesting--;
    return tokens;
  }

  #token(position: number): Token {
    if (this.#source[position] === '"') return this.#text(position);
    const number = this.#read("number");
    if (number !== null) return { kind: "number", text: number, position, parts: [] };
    for (const kind of ["field", "variable", "format"] as const) {
      const text = this.#read(kind);
      if (text !== null) return { kind, text: text.slice(1), position, parts: [] };
    }
    const name = this.#read("name");
    if (name !== null) return { kind: KEYWORDS.has(name) ? "keyword" : "name", text: name, position, parts: [] };
    const operator = this.#read("operator");
    if (operator !== null) return { kind: "operator", text: operator, position, parts: [] };
    return this.#fail(`found ${JSON.stringify(this.#source[position])}, which begins no word of jq`, position);
  }

  #text(position: number): Token {
    const parts: (string | readonly Token[])[] = [];
    let literal = "";
    this.#at++;
    for (;;) {
      const unit = this.#source[this.#at];
      if (unit === undefined) return this.#fail(`found no '"' to end the text that begins here`, position);
      this.#at++;
      if (unit === '"') break;
      if (unit !== "\\") {
        literal += unit;
      } else if (this.#source[this.#at] === "(") {
        if (literal !== "") parts.push(wellFormed(literal));
        literal = "";
        this.#at++;
        parts.push(this.tokens(true));
      } else {
        literal += this.#escape();
      }
    }
    if (literal !== "" || parts.length === 0) parts.push(wellFormed(literal));
    return { kind: "text", text: "", position, parts };
  }

  #escape(): string {
    const position = this.#at - 1;
    const letter = this.#source[this.#at++] ?? "";
    if (letter === "u") {
      const digits = /^[0-9a-fA-F]{4}/.exec(this.#source.slice(this.#at, this.#at + 4))?.[0];
      if (digits === undefined) return this.#fail("found \\u without the four hexadecimal digits it needs", position);
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    return ESCAPES[letter] ?? this.#fail(`found the invalid escape \\${letter}`, position);
  }

  #read(kind: keyof typeof PATTERNS): string | null {
    const pattern = PATTERNS[kind];
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #fail(problem: string, position: number): never {
    throw new ExpressionSyntaxError(problem, this.#source, position);
  }
}
