import { memberOf, type Node, quote } from "../document/node.ts";
import type { Problems } from "../document/problems.ts";
import { secretsNamedIn } from "./keys-named-in.ts";

/** Whether a secret may be read by a definition with this list of `secrets`: by its name, or below it. Without a list all may. */
export function allowedBy(secrets: readonly string[]): (name: string) => boolean {
  return (name) => secrets.length === 0 || secrets.some((one) => name === one || name.startsWith(`${one}.`));
}

/** Notes the secrets that texts name and may not read: they are null. */
export function noteSecrets(
  document: Node | undefined,
  texts: readonly string[],
  isAllowed: (name: string) => boolean,
  notes: Problems,
): void {
  const place = memberOf(document, "secrets");
  if (place === undefined) return;
  for (const name of new Set(texts.flatMap(secretsNamedIn))) {
    if (!isAllowed(name))
      notes.report(place, `the name of every $SECRET that is read, ${quote(name)} too`, "a list without it");
  }
}
