import type { Node } from "../document/node.ts";
import { memberOf, textOf } from "../document/node.ts";
import type { Reading } from "../document/reading.ts";
import { followTo } from "./reference.ts";

/**
 * The URL of the first server of the innermost owner that names one, its variables filled with their defaults. One that
 * is relative is relative to its document, if that came from the web; otherwise it stays as it is.
 */
export function serverOf(owners: readonly Node[], reading: Reading): string | undefined {
  for (const owner of owners) {
    const servers = followTo(owner, "servers", reading);
    const server = servers?.kind === "array" ? servers.items[0] : undefined;
    const url = textOf(memberOf(server, "url"));
    if (url === undefined) continue;
    const variables = memberOf(server, "variables");
    const filled = url.replace(
      /\{([^{}]+)\}/g,
      (whole, name: string) => textOf(memberOf(memberOf(variables, name), "default")) ?? whole,
    );
    return resolved(filled, owner.file);
  }
  return undefined;
}

function resolved(url: string, file: string): string {
  const [, origin, path = "/"] = /^(https?:\/\/[^/?#]*)([^?#]*)/i.exec(file) ?? [];
  if (origin === undefined || /^[a-z][a-z\d+.-]*:/i.test(url)) return url;
  if (url.startsWith("//")) return `${origin.slice(0, origin.indexOf("//"))}${url}`;
  const plain = url.replace(/^\.\//, "");
  return origin + (url.startsWith("/") ? url : path.slice(0, path.lastIndexOf("/") + 1) + plain);
}
