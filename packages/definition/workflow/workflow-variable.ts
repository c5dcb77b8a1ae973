import { unwrap } from "../check-expression.ts";
import type { Node } from "../document/node.ts";
import { oneOf, quote } from "../document/node.ts";
import type { Reading } from "../document/reading.ts";

/** What `$WORKFLOW` has. */
const MEMBERS = [
  ...["id", "name", "instanceId", "headers", "input", "identity", "prevActionResult"],
  ...["statusCode", "statusMessage", "responseHeaders", "callbackUrl"],
];

const NAMED = /\$WORKFLOW\s*(?:\.\s*([A-Za-z_]\w*)|(?:\.\s*)?\[\s*["']([^"'\\]*)["']\s*\]|\.\s*"([^"\\]*)")/g;

/** Notes the members of `$WORKFLOW` that an expression names and that there are not, the likely misspellings. */
export function noteUnknownMembers(node: Node, text: string, { notes }: Pick<Reading, "notes">): void {
  for (const [, bare, bracketed, quoted] of unwrap(text).source.matchAll(NAMED)) {
    const name = bare ?? bracketed ?? quoted ?? "";
    if (MEMBERS.includes(name)) continue;
    notes.report(node, `${oneOf(MEMBERS)} of $WORKFLOW`, `${quote(name)}, which is null`, { name, among: MEMBERS });
  }
}
