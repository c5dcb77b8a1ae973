import { isExactNumber, type Json, JsonSyntaxError, parseJson } from "./json.ts";

/**
 * How deep data may be nested where it comes in. Room is left below `JSON_DEPTH_MAX` for the records that carry it, and
 * for the states that it becomes a part of: whatever is written can be read back.
 */
export const DATA_DEPTH_MAX = 400;

/** The most bytes of one thing that is sent in: a request's body, a record of a topic. A Kafka topic takes as much unless it is told otherwise. */
export const DATA_BYTES_MAX = 1_048_576;

/** JSON that is not taken in. `pointer` (RFC 6901) says where it is at fault; empty: as a whole. */
export class UnfitDataError extends JsonSyntaxError {
  readonly pointer: string;
  readonly expected: string;
  readonly found: string;

  constructor(pointer: string, expected: string, found: string) {
    super(`${pointer === "" ? "the data" : pointer}: expected ${expected}, found ${found}`);
    this.pointer = pointer;
    this.expected = expected;
    this.found = found;
  }
}

/** Reads data that comes in; throws `JsonSyntaxError`, which is an `UnfitDataError` if it is JSON. */
export function readData(text: string): Json {
  const value = parseJson(text);
  checkData(value);
  return value;
}

/**
 * Throws `UnfitDataError` if data is nested deeper than `DATA_DEPTH_MAX`, or if a text or a name in it is not well-formed:
 * half of a surrogate pair is no character, and all of them are the same one in UTF-8.
 */
export function checkData(value: Json): void {
  const found = faultIn(value, DATA_DEPTH_MAX);
  if (found === undefined) return;
  if (found.text === undefined) throw new UnfitDataError("", `at most ${DATA_DEPTH_MAX} levels of nesting`, "more");
  const pointer = found.path.map((step) => `/${escaped(step)}`).join("");
  throw new UnfitDataError(pointer, "well-formed text", loneSurrogate(found.text));
}

/** Half of a surrogate pair in a text that is not well-formed, as an error names it. */
export function loneSurrogate(text: string): string {
  const [unit = ""] = /\p{Surrogate}/u.exec(text) ?? [];
  return `the lone surrogate ${JSON.stringify(unit)}`;
}

/** What is wrong, and the way to it, the first step in front; without a text it is nested too deeply. */
interface Fault {
  readonly path: string[];
  readonly text?: string;
}

function faultIn(value: Json, levels: number): Fault | undefined {
  if (typeof value === "string") return value.isWellFormed() ? undefined : { path: [], text: value };
  if (typeof value !== "object" || value === null || isExactNumber(value)) return undefined;
  if (levels === 0) return { path: [] };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const fault = faultIn(value[i] as Json, levels - 1);
      if (fault !== undefined) return below(String(i), fault);
    }
    return undefined;
  }
  for (const [name, member] of Object.entries(value)) {
    if (!name.isWellFormed()) return { path: [name], text: name };
    const fault = faultIn(member as Json, levels - 1);
    if (fault !== undefined) return below(name, fault);
  }
  return undefined;
}

function below(step: string, fault: Fault): Fault {
  fault.path.unshift(step);
  return fault;
}

/** A step of a pointer. Half a surrogate pair in it is shown as it would be in UTF-8. */
function escaped(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1").toWellFormed();
}
