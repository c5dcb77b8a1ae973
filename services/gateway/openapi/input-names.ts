import type { Definition } from "@antiphon/definition";
import { formatJson } from "@antiphon/protocol";
import { componentName } from "./data-schema.ts";

/**
 * The names of the components that describe what workflows take, by their ids: the title of the schema, as in SonataFlow,
 * by which generated classes are called, with `_` for blanks. `{id}_input` where there is no title, or where that is
 * another schema's too.
 */
export function inputNames(definitions: readonly Definition[], taken: Iterable<string>): ReadonlyMap<string, string> {
  const owners = new Map<string, string | undefined>([...taken].map((name) => [name, undefined]));
  const names = new Map<string, string>();
  for (const { id, dataInputSchema } of definitions) {
    const title = dataInputSchema?.schema.title;
    const named = typeof title === "string" ? componentName(title.trim().replace(/\s+/g, "_")) : "";
    const text = formatJson(dataInputSchema?.schema ?? {});
    const isFree = named !== "" && (!owners.has(named) || owners.get(named) === text);
    const name = isFree ? named : `${componentName(id)}_input`;
    owners.set(name, text);
    names.set(id, name);
  }
  return names;
}
