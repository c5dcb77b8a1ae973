import type { Node } from "../document/node.ts";
import { oneOf, quote } from "../document/node.ts";
import { once, type Reading } from "../document/reading.ts";
import type { FunctionDefinition, ModuleFunction } from "../model.ts";
import { unreadFunction } from "../workflow/stand-ins.ts";
import { unread, type Written } from "./base.ts";
import { exportsIn } from "./exports-in.ts";

/** The folder of a workflow's own functions, beside the workflow or in a folder around it. */
const FOLDER = "functions/";

/** What such a file may be called, in the order in which they are looked for. */
const ENDINGS = [".ts", ".mts", ".js", ".mjs"];

/** Kinds of function that are no file. */
const KINDS = ["rest", "sysout", "knative"];

const EXPECTED =
  '"rest:METHOD:url", "sysout:LEVEL", "knative:…" or a function of your own, "name" or "name:export" for functions/name.ts';

/** Reads a function of the workflow's author: `name`, `name:export`, or as SonataFlow writes those of Java and Python. */
export function readModule(written: Written): FunctionDefinition {
  const found = find(written.operation, written.node, written.members.reading);
  return found === undefined ? unread(written) : { ...written.base, ...found };
}

/** The function that `namespace:function` stands for: an export of `functions/namespace.ts`. */
export function moduleFunction(name: string, place: Node, reading: Reading): FunctionDefinition {
  const found = find(name, place, reading);
  return found === undefined ? { ...unreadFunction, name } : { name, metadata: {}, ...found };
}

function find(operation: string, node: Node, reading: Reading): ModuleFunction | undefined {
  const { sources, problems } = reading;
  const named = nameOf(operation);
  if (named === undefined) {
    problems.report(node, EXPECTED, quote(operation), { name: operation, among: KINDS });
    return undefined;
  }
  const { names, exported } = named;
  const folders = foldersAround(node.file);
  const stems = names.flatMap((name) => folders.map((folder) => `${folder}${FOLDER}${name}`));
  const paths = stems.flatMap((stem) => ENDINGS.map((ending) => stem + ending));
  const file = paths.map((path) => sources.textAt(path)).find((text) => text !== undefined);
  if (file === undefined) {
    const expected = `a function of your own, ${oneOf(stems.map((stem) => `${stem}.ts`))}, that exports ${quote(exported)}`;
    problems.report(node, expected, quote(operation), { name: names.at(-1), among: namesIn(folders, reading) });
    return undefined;
  }
  const exports = once(exportsOf, file.path, reading);
  if (exports?.has(exported) === false) {
    problems.report(node, `an export of ${file.path}`, quote(exported), { name: exported, among: exports });
  }
  return { kind: "module", module: file.path, exported };
}

function exportsOf(path: string, { sources }: Reading): ReadonlySet<string> | undefined {
  return exportsIn(sources.textAt(path)?.text ?? "");
}

/** What a function could have been called; worked out only for a suggestion. */
function* namesIn(folders: readonly string[], { sources }: Reading): Iterable<string> {
  yield* KINDS;
  for (const folder of folders) for (const path of sources.below(folder + FOLDER)) yield stemOf(path);
}

/** The names that a module may have, the most exact one first, and what it exports the function as. */
function nameOf(operation: string): { readonly names: readonly string[]; readonly exported: string } | undefined {
  const [, service, member] = /^service:(?:java:|python:)?([\w$.-]+)::([\w$]+)$/i.exec(operation) ?? [];
  if (service !== undefined && member !== undefined) {
    const simple = service.slice(service.lastIndexOf(".") + 1);
    return { names: [...new Set([service, simple])], exported: member };
  }
  const [, name, exported = "default"] = /^(?:script:)?([\w$.-]+(?:\/[\w$.-]+)*)(?::([\w$]+))?$/.exec(operation) ?? [];
  return name === undefined || /(?:^|\/)\.{1,2}(?:\/|$)/.test(name) ? undefined : { names: [name], exported };
}

/** The folder of a file and those around it, the root last: `a/b/`, `a/`, and nothing. */
function foldersAround(file: string): readonly string[] {
  const steps = file.split("/").slice(0, -1);
  return [...steps.map((_, i) => `${steps.slice(0, steps.length - i).join("/")}/`), ""];
}

function stemOf(path: string): string {
  return path.replace(/^.*functions\//, "").replace(/\.[a-z]+$/, "");
}
