import type { Json } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { percentEncoded, simple } from "./parameter-text.ts";

/**
 * Fills the `{name}` of a template; `write` makes text of a value, URL-encoded. Throws `ActionError` if a value is
 * missing, null or empty: the request would go somewhere else.
 */
export function fillTemplate(
  template: string,
  argument: (name: string) => Json | undefined,
  write: (value: Json, name: string) => string = (value) => simple(value, percentEncoded),
): string {
  return template.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = argument(name) ?? null;
    const text = value === null ? "" : write(value, name);
    if (text !== "") return text;
    const found = value === null ? "none" : "an empty one";
    throw new ActionError("400", `${template}: expected an argument "${name}" for the URL, found ${found}`);
  });
}
