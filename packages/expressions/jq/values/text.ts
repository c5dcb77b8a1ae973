import type { Json } from "@antiphon/protocol";
import { ExpressionError, ExpressionLimitError } from "../../errors.ts";
import type { Run } from "../run.ts";
import { rewritten } from "./chunks.ts";
import { decimalText } from "./decimal.ts";
import { isArray, isExact, kindOf } from "./kinds.ts";
import { utf8Length } from "./unicode.ts";

/** How much of a value jq shows when it says what kind of value it did not expect, and when it speaks of paths. */
const SHOWN_BYTES_MAX = 11;
const SHOWN_IN_PATHS_BYTES_MAX = 26;

/** UTF-16 units from which a text in JSON costs more than any other value. */
const LONG_TEXT = 64;

/** JSON as jq's `tojson` writes it. */
export function toJsonText(value: Json, run: Run): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return quotedIn(value, run);
  const writer = new JsonWriter(run.limits.textLength, run);
  writer.write(value);
  run.joined(writer.text);
  if (writer.full) throw new ExpressionLimitError("textLength", run.limits.textLength);
  return writer.text;
}

/** jq's `tostring`: a text is itself. */
export function toText(value: Json, run: Run): string {
  return typeof value === "string" ? value : toJsonText(value, run);
}

/**
 * A number in as few digits as tell it apart. jq writes computed numbers from 1e17 and below 1e-4 with an exponent, but
 * numbers that it has read as they were; they cannot be told apart here, and an id must not become `1.2e+17`.
 */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "null";
  if (!Number.isFinite(value)) return value > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

/** A text in quotes, of whatever length. */
function quotedIn(text: string, run: Run): string {
  return `"${rewritten(text, 32, run, (chunk) => quoted(chunk).slice(1, -1))}"`;
}

/** A text in quotes; unlike JSON's own, jq's escapes DEL. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}

/** A value in an error message: `object ({"a":1,"b"...)`. */
export function described(value: Json, run: Run): string {
  return `${kindOf(value)} (${shown(value, SHOWN_BYTES_MAX, run)})`;
}

/** A value in an error message about paths, which shows more of it. */
export function shownInPath(value: Json, run: Run): string {
  return shown(value, SHOWN_IN_PATHS_BYTES_MAX, run);
}

/** Ends the run with an error that a program may catch. */
export function fail(message: string): never {
  throw new ExpressionError(message);
}

function shown(value: Json, bytesMax: number, run: Run): string {
  if (typeof value === "string") run.read(value);
  const writer = new JsonWriter(bytesMax + 4, run);
  writer.write(value);
  const { text } = writer;
  if (utf8Length(text) <= bytesMax + 3) return text;
  let kept = "";
  let bytes = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > bytesMax) break;
    kept += character;
  }
  return `${kept}...`;
}

/** Writes JSON until it is full, because a value may be far larger than the memory that it shares. */
class JsonWriter {
  text = "";
  readonly #lengthMax: number;
  readonly #run: Run;

  constructor(lengthMax: number, run: Run) {
    this.#lengthMax = lengthMax;
    this.#run = run;
  }

  get full(): boolean {
    return this.text.length > this.#lengthMax;
  }

  write(value: Json): void {
    this.#run.charge(1);
    if (typeof value === "string") this.#writeText(value);
    else if (typeof value === "number") this.text += numberText(value);
    else if (value === null || typeof value !== "object") this.text += String(value);
    else if (isExact(value)) this.text += decimalText(value.rawJSON);
    else {
      this.#run.enter();
      if (isArray(value)) this.#writeItems(value);
      else this.#writeMembers(value as { readonly [name: string]: Json });
      this.#run.leave();
    }
  }

  #writeText(text: string): void {
    if (text.length >= LONG_TEXT && text.length <= this.#lengthMax) this.text += quotedIn(text, this.#run);
    else this.text += quoted(text.length > this.#lengthMax ? text.slice(0, this.#lengthMax + 1) : text);
  }

  #writeItems(items: readonly Json[]): void {
    let separator = "[";
    for (const item of items) {
      this.text += separator;
      separator = ",";
      this.write(item);
      if (this.full) return;
    }
    this.text += separator === "[" ? "[]" : "]";
  }

  #writeMembers(object: { readonly [name: string]: Json }): void {
    let separator = "{";
    const names = Object.keys(object);
    // Also those that are not written any more: JavaScript has listed them all.
    this.#run.charge(names.length >> 3);
    for (const name of names) {
      this.text += separator;
      separator = ",";
      this.#writeText(name);
      this.text += ":";
      this.write(object[name] ?? null);
      if (this.full) return;
    }
    this.text += separator === "{" ? "{}" : "}";
  }
}
