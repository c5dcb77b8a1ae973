import type { Json } from "@antiphon/protocol";

/** A text is not a program: what was found, what was expected, and where. */
export class ExpressionSyntaxError extends Error {
  override readonly name = "ExpressionSyntaxError";
  /** UTF-16 units before the place in question. */
  readonly position: number;
  /** Lines and columns begin at 1. */
  readonly line: number;
  readonly column: number;

  constructor(problem: string, source: string, position: number) {
    const before = source.slice(0, position).split("\n");
    const line = before.length;
    const column = (before.at(-1) ?? "").length + 1;
    super(`${problem} (line ${line}, column ${column})`);
    this.position = position;
    this.line = line;
    this.column = column;
  }
}

/** A program failed on its input. `value` is what jq's `catch` would get; mostly it is the message. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly value: Json;

  constructor(value: Json, message: string = typeof value === "string" ? value : "not a text") {
    super(message);
    this.value = value;
  }
}

/** A program, or a run of it, wanted more than a limit allows. A program cannot catch it. */
export class ExpressionLimitError extends Error {
  override readonly name = "ExpressionLimitError";
  /** The name of the limit, as in `Limits`, or what is limited about a program's source. */
  readonly limit: string;
  readonly maximum: number;

  constructor(limit: string, maximum: number) {
    super(`the expression exceeds its limit: ${limit} ${maximum}`);
    this.limit = limit;
    this.maximum = maximum;
  }
}
