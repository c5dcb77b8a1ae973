import { ExpressionLimitError, ExpressionSyntaxError } from "../errors.ts";
import { SOURCE_LENGTH_MAX, SOURCE_NESTING_MAX } from "../limits.ts";
import type { Path } from "./ast.ts";

/** Reads a path. It has filters in it, and they have paths: all parts of the grammar come back to it. */
type ReadPath = (cursor: Cursor, enclosed: boolean) => Path;

/** A place in the source of a path. */
export class Cursor {
  readonly source: string;
  at = 0;
  readonly #readPath: ReadPath;
  #nesting = 0;

  constructor(source: string, readPath: ReadPath) {
    if (source.length > SOURCE_LENGTH_MAX) throw new ExpressionLimitError("source length", SOURCE_LENGTH_MAX);
    this.source = source;
    this.#readPath = readPath;
  }

  /** The character at hand; empty at the end. */
  get here(): string {
    return this.source.charAt(this.at);
  }

  get atEnd(): boolean {
    return this.at >= this.source.length;
  }

  /** Whether `text` stands here, in whatever case. */
  is(text: string): boolean {
    return this.source.slice(this.at, this.at + text.length).toLowerCase() === text;
  }

  skip(text: string): boolean {
    const found = this.is(text);
    if (found) this.at += text.length;
    return found;
  }

  expect(text: string): void {
    if (!this.skip(text)) this.fail(`'${text}'`);
  }

  blanks(): void {
    while (/\s/.test(this.here)) this.at++;
  }

  /** Reads a path that stands in a filter, or is what a function is given. */
  enclosedPath(): Path {
    return this.#readPath(this, true);
  }

  /** Takes what a sticky expression (flag `y`) matches here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Reads one level deeper. */
  nested<T>(read: () => T): T {
    if (++this.#nesting > SOURCE_NESTING_MAX) throw new ExpressionLimitError("source nesting", SOURCE_NESTING_MAX);
    const result = read();
    this.#nesting--;
    return result;
  }

  fail(expected: string, at: number = this.at): never {
    const found = this.source.charAt(at);
    throw new ExpressionSyntaxError(
      `found ${found === "" ? "the end" : `'${found}'`}, expected ${expected}`,
      this.source,
      at,
    );
  }
}
