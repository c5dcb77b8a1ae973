import type { Node } from "../document/node.ts";
import { memberOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Reading } from "../document/reading.ts";
import type { OpenApiCallback } from "../model.ts";
import { follow, followTo } from "./reference.ts";
import { standaloneSchema } from "./schema.ts";

/**
 * The callbacks of an operation whose URL the request carries as a whole, `{$request.body#/uri}`. Others, with text
 * around the expression, cannot be filled in: the service would call something else than the URL that it was given.
 */
export function readCallbacks(callbacks: Node | undefined, reading: Reading): readonly OpenApiCallback[] {
  const found: OpenApiCallback[] = [];
  for (const [name, node] of callbacks?.kind === "object" ? callbacks.members : []) {
    const callback = follow(node, reading);
    for (const [key, pathItem] of callback?.kind === "object" ? callback.members : []) {
      const url = /^\{(\$[^{}]+)\}$/.exec(key)?.[1];
      const body = followTo(followTo(pathItem, "post", reading), "requestBody", reading);
      const schema = jsonSchemaOf(followTo(body, "content", reading));
      if (url === undefined) continue;
      found.push({ name, url, ...present({ schema: schema && standaloneSchema(schema, reading) }) });
    }
  }
  return found;
}

function jsonSchemaOf(content: Node | undefined): Node | undefined {
  if (content?.kind !== "object") return undefined;
  const types = [...content.members.keys()];
  const type = types.find((one) => /^application\/json\b/i.test(one)) ?? types.find((one) => /\bjson\b/i.test(one));
  return type === undefined ? undefined : memberOf(content.members.get(type), "schema");
}
