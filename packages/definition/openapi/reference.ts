import type { Node, Place } from "../document/node.ts";
import { memberOf, quote, textOf } from "../document/node.ts";
import type { Reading } from "../document/reading.ts";

/** How many references may lead on to references before there is a value. */
const REFERENCE_CHAIN_MAX = 32;

/** A node, or, if it is a `$ref`, what that refers to: a part of the same document or of another file. */
export function follow(node: Node | undefined, reading: Reading): Node | undefined {
  let current = node;
  for (let length = 0; length <= REFERENCE_CHAIN_MAX; length += 1) {
    const reference = memberOf(current, "$ref");
    const text = textOf(reference);
    if (reference === undefined || text === undefined) return current;
    current = target(text, reference, reading);
  }
  if (node !== undefined) {
    reading.problems.report(node, `at most ${REFERENCE_CHAIN_MAX} references in a row`, "more, or a circle");
  }
  return undefined;
}

/** A member of a node, references followed on both. */
export function followTo(node: Node | undefined, name: string, reading: Reading): Node | undefined {
  return follow(memberOf(follow(node, reading), name), reading);
}

/** The same as `follow`, for what a definition can do without: a reference that leads nowhere is no problem. */
export function followQuietly(node: Node | undefined, reading: Reading): Node | undefined {
  let current = node;
  for (let length = 0; length <= REFERENCE_CHAIN_MAX; length += 1) {
    const reference = memberOf(current, "$ref");
    const text = textOf(reference);
    if (reference === undefined || text === undefined) return current;
    const [path = "", fragment = ""] = text.split("#", 2);
    const { sources } = reading;
    current = within(path === "" ? sources.at(reference.file) : sources.openIfThere(path, reference), fragment);
  }
  return undefined;
}

function target(reference: string, place: Place, reading: Reading): Node | undefined {
  const [path = "", fragment = ""] = reference.split("#", 2);
  const document = path === "" ? reading.sources.at(place.file) : reading.sources.open(path, place);
  const found = within(document, fragment);
  if (document !== undefined && found === undefined) {
    reading.problems.report(place, "a reference to something that exists", quote(reference));
  }
  return found;
}

/** What the fragment of a reference, a JSON pointer, leads to. */
function within(document: Node | undefined, fragment: string): Node | undefined {
  let current = document;
  for (const step of fragment.split("/").slice(1)) current = stepInto(current, unescapeStep(step));
  return current;
}

function stepInto(node: Node | undefined, step: string): Node | undefined {
  return node?.kind === "array" ? node.items[Number(step)] : memberOf(node, step);
}

function unescapeStep(step: string): string {
  let text = step;
  try {
    text = decodeURIComponent(step);
  } catch {
    // A stray percent sign stands for itself.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}
