import type { Node } from "../document/node.ts";
import { textOf } from "../document/node.ts";
import { parseFile } from "../document/parse.ts";
import type { Problems } from "../document/problems.ts";
import type { Written } from "./written.ts";

/**
 * Keys and values of a YAML file, as Quarkus flattens it: names of members with dots between, in quotes if they have dots
 * themselves (but not at the top), `~` for what stands above it, lists with commas between. What is wrong is reported.
 */
export function parseYamlProperties(file: string, text: string, problems: Problems): readonly Written[] {
  const isEmpty = text.split(/\r?\n/).every((line) => /^\s*(?:#.*|---|\uFEFF)?$/.test(line));
  const document = isEmpty ? undefined : parseFile(file, text, problems);
  if (document === undefined) return [];
  if (document.kind !== "object") {
    problems.report(document, "an object of properties", document.kind === "array" ? "an array" : "a single value");
    return [];
  }
  return [...document.members].flatMap(([name, member]) => flatten(name, member));
}

function flatten(key: string, node: Node): readonly Written[] {
  const { file, line } = node;
  switch (node.kind) {
    case "scalar":
      return [{ key, value: textOf(node) ?? "", file, line }];
    case "array": {
      const texts = node.items.map((item) => textOf(item));
      if (texts.every((text) => text !== undefined)) {
        return [{ key, value: texts.map((text) => text.replaceAll(",", "\\,")).join(","), file, line }];
      }
      return node.items.flatMap((item, index) => flatten(`${key}[${index}]`, item));
    }
    case "object":
      return [...node.members].flatMap(([name, member]) =>
        flatten(name === "~" ? key : `${key}.${segment(name)}`, member),
      );
  }
}

function segment(name: string): string {
  return name.includes(".") && !/^".*"$/.test(name) ? `"${name}"` : name;
}
