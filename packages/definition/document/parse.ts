import { JSON_DEPTH_MAX } from "@antiphon/protocol";
import type { Document, Pair, Scalar, Node as YamlNode } from "yaml";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Node, Place, ScalarNode } from "./node.ts";
import { pointerTo, quote } from "./node.ts";
import type { Problems } from "./problems.ts";
import { numberFrom } from "./scalar.ts";
import { reportIfNotJson, reportYamlErrors } from "./syntax-problems.ts";

/** How long a file may be, in characters. */
export const FILE_LENGTH_MAX = 16 * 1024 * 1024;

/** How many parts a file may have, with every alias of YAML written out. */
export const FILE_NODES_MAX = 1_000_000;

/** Reads the text of a file, JSON if its name says so, else YAML, of which JSON is a part. What is wrong is reported, and then there is no node. */
export function parseFile(file: string, content: string, problems: Problems): Node | undefined {
  const text = content.replace(/^\uFEFF/, "");
  const start = { file, line: 1, column: 1, pointer: "" };
  if (text.length > FILE_LENGTH_MAX) {
    problems.report(start, `at most ${FILE_LENGTH_MAX} characters`, String(text.length));
    return undefined;
  }
  // YAML would take a missing comma for a part of a text.
  if (file.endsWith(".json") && reportIfNotJson(file, text, problems)) return undefined;
  const lines = new LineCounter();
  // The parser would look for a member's name among all before it, one by one; `Converter` knows them by name.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: "error", uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  if (document.errors.length > 0) {
    reportYamlErrors(file, document.errors, lines, problems);
    return undefined;
  }
  if (document.contents === null) {
    problems.report(start, "a document", "an empty file");
    return undefined;
  }
  return new Converter(file, lines, problems, anchorsOf(document)).convert(document.contents, "", 0);
}

/** Turns the parser's nodes into ours. Gives up, with one problem, on a file that is too deep or too large. */
class Converter {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #problems: Problems;
  readonly #anchors: ReadonlyMap<YamlNode, YamlNode>;
  #nodes = 0;

  constructor(file: string, lines: LineCounter, problems: Problems, anchors: ReadonlyMap<YamlNode, YamlNode>) {
    this.#file = file;
    this.#lines = lines;
    this.#problems = problems;
    this.#anchors = anchors;
  }

  convert(node: YamlNode | null, pointer: string, depth: number): Node | undefined {
    const place = this.#placeOf(node, pointer);
    this.#nodes += 1;
    if (this.#nodes === FILE_NODES_MAX + 1) this.#problems.report(place, `at most ${FILE_NODES_MAX} values`, "more");
    if (this.#nodes > FILE_NODES_MAX) return undefined;
    if (depth > JSON_DEPTH_MAX) {
      this.#problems.report({ ...place, pointer: "" }, `at most ${JSON_DEPTH_MAX} levels of nesting`, "more");
      this.#nodes = FILE_NODES_MAX + 1;
      return undefined;
    }
    if (isAlias(node)) return this.convert(this.#anchors.get(node) ?? null, pointer, depth + 1);
    if (isMap(node)) return this.#object(node.items as Pair<YamlNode, YamlNode | null>[], place, depth);
    if (isSeq(node)) {
      const items = node.items.map((item, index) =>
        this.convert(item as YamlNode, pointerTo(pointer, index), depth + 1),
      );
      return { ...place, kind: "array", items: items.filter((item) => item !== undefined) };
    }
    return { ...place, kind: "scalar", value: isScalar(node) ? this.#value(node, place) : null };
  }

  #object(pairs: readonly Pair<YamlNode, YamlNode | null>[], place: Place, depth: number): Node {
    const members = new Map<string, Node>();
    const keys = new Map<string, Place>();
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
      if (name === undefined) {
        this.#problems.report(this.#placeOf(key, place.pointer), "a name", "something else as the name of a member");
        continue;
      }
      const pointer = pointerTo(place.pointer, name);
      if (keys.has(name))
        this.#problems.report(this.#placeOf(key, pointer), "each member once", `${quote(name)} again`);
      const member = this.convert(value ?? key, pointer, depth + 1);
      if (member === undefined) continue;
      keys.set(name, this.#placeOf(key, pointer));
      members.set(name, value === null ? { ...member, kind: "scalar", value: null } : member);
    }
    return { ...place, kind: "object", members, keys };
  }

  #value(scalar: Scalar, place: Place): ScalarNode["value"] {
    const { value, source } = scalar;
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    const number = numberFrom(source ?? String(value));
    if (number === undefined) this.#problems.report(place, "a value that JSON has", source ?? String(value));
    return number ?? null;
  }

  #placeOf(node: YamlNode | null, pointer: string): Place {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { file: this.#file, line, column: col, pointer };
  }
}

/** What each alias stands for: what had its name last before it. */
function anchorsOf(document: Document): ReadonlyMap<YamlNode, YamlNode> {
  const named = new Map<string, YamlNode>();
  const meant = new Map<YamlNode, YamlNode>();
  visit(document, {
    Value: (_, node) => {
      if (node.anchor !== undefined) named.set(node.anchor, node);
    },
    Alias: (_, alias) => {
      const node = named.get(alias.source);
      if (node !== undefined) meant.set(alias, node);
    },
  });
  return meant;
}
