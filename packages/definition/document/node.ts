import type { ExactNumber, Json, JsonObject } from "@antiphon/protocol";
import { isExactNumber, isJsonObject } from "@antiphon/protocol";

/** Where something stands: line and column count from 1, the pointer is a JSON pointer within the file. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly pointer: string;
}

/** A part of a document that knows where it stands. */
export type Node = ObjectNode | ArrayNode | ScalarNode;

/** `keys` has the places of the member names, `members` what they name. */
export interface ObjectNode extends Place {
  readonly kind: "object";
  readonly members: ReadonlyMap<string, Node>;
  readonly keys: ReadonlyMap<string, Place>;
}

export interface ArrayNode extends Place {
  readonly kind: "array";
  readonly items: readonly Node[];
}

export interface ScalarNode extends Place {
  readonly kind: "scalar";
  readonly value: null | boolean | number | string | ExactNumber;
}

/** How much of a found text a problem quotes. */
const QUOTE_LENGTH_MAX = 80;

/** The value of a node, without its places. */
export function jsonOf(node: Node): Json {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "array":
      return node.items.map(jsonOf);
    case "object":
      return Object.fromEntries([...node.members].map(([name, member]) => [name, jsonOf(member)]));
  }
}

/** The value of a node as an object; undefined if it is something else. */
export function jsonObjectOf(node: Node | undefined): JsonObject | undefined {
  const value = node && jsonOf(node);
  return isJsonObject(value) ? value : undefined;
}

/** The text of a scalar. Numbers and flags count as the text that they were written as: YAML takes `1.0` for a number. */
export function textOf(node: Node | undefined): string | undefined {
  if (node?.kind !== "scalar" || node.value === null) return undefined;
  return isExactNumber(node.value) ? node.value.rawJSON : String(node.value);
}

/** The number of a scalar, or of the text in it; undefined if it is none. */
export function numberOf(node: Node | undefined): number | undefined {
  const text = textOf(node)?.trim();
  return text !== undefined && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** A member of a node; undefined if there is none, or if the node is no object. */
export function memberOf(node: Node | undefined, name: string): Node | undefined {
  return node?.kind === "object" ? node.members.get(name) : undefined;
}

/** What a JSON pointer leads to within a node; undefined if it leads nowhere. */
export function nodeAt(node: Node | undefined, pointer: string): Node | undefined {
  let current = node;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    current = current?.kind === "array" ? current.items[Number(name)] : memberOf(current, name);
  }
  return current;
}

/** What was found, in words for a problem: `"waitt"`, `an array`, `nothing`. */
export function describe(node: Node | undefined): string {
  if (node === undefined) return "nothing";
  if (node.kind === "object") return "an object";
  if (node.kind === "array") return node.items.length === 0 ? "an empty array" : "an array";
  if (typeof node.value === "string") return quote(node.value);
  return JSON.stringify(node.value);
}

/** A text in quotes, cut if it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > QUOTE_LENGTH_MAX ? `${text.slice(0, QUOTE_LENGTH_MAX)}…` : text);
}

/** How many names a problem lists. */
const NAMES_MAX = 30;

/** Names in words, `"a", "b" or "c"`; of many, the first and how many more there are. */
export function oneOf(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  const quoted = names.slice(0, NAMES_MAX).map(quote);
  if (more > 0) return `${quoted.join(", ")} or one of ${more} more`;
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter((part) => part !== "").join(" or ");
}

/** The place of a member that is not there: where its object is. */
export function placeOfMissing(object: Place, name: string): Place {
  return { file: object.file, line: object.line, column: object.column, pointer: pointerTo(object.pointer, name) };
}

/** The JSON pointer one step further. */
export function pointerTo(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
