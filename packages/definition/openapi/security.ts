import type { Node } from "../document/node.ts";
import { memberOf, oneOf, quote, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Reading } from "../document/reading.ts";
import type { OpenApiSecurity, OpenApiSecurityScheme } from "../model.ts";
import { followTo } from "./reference.ts";

const DISCOVERY_PATH = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)\/?$/;

/**
 * The ways in which the caller of an operation may say who it is; the operation's own stand in place of the document's.
 * A way that takes something which nobody could configure here, such as a client's certificate, is left out.
 */
export function readSecurity(operation: Node, root: Node, reading: Reading): readonly (readonly OpenApiSecurity[])[] {
  const written = memberOf(operation, "security") ?? memberOf(root, "security");
  const schemes = followTo(followTo(root, "components", reading), "securitySchemes", reading);
  const ways: OpenApiSecurity[][] = [];
  for (const item of written?.kind === "array" ? written.items : []) {
    const way: OpenApiSecurity[] = [];
    const members = item.kind === "object" ? [...item.members] : [];
    for (const [name, scopes] of members) {
      const scheme = readScheme(schemes, name, item, reading);
      if (scheme !== undefined) way.push({ name, scheme, scopes: textsIn(scopes) });
    }
    if (way.length === members.length) ways.push(way);
  }
  if (written?.kind === "array" && written.items.length > 0 && ways.length === 0) {
    const expected = "a way of apiKey, http (basic, bearer), oauth2 or openIdConnect";
    reading.notes.report(written, expected, "none: it is called without");
  }
  return ways;
}

function readScheme(
  schemes: Node | undefined,
  name: string,
  place: Node,
  reading: Reading,
): OpenApiSecurityScheme | undefined {
  const node = followTo(schemes, name, reading);
  if (node === undefined) {
    const names = schemes?.kind === "object" ? [...schemes.members.keys()] : [];
    const expected = names.length === 0 ? "a scheme of components.securitySchemes" : oneOf(names);
    const found = `${quote(name)}: it is called without`;
    reading.notes.report(place, expected, found, { name, among: names });
    return undefined;
  }
  switch (textOf(memberOf(node, "type"))) {
    case "apiKey": {
      const places = ["header", "query", "cookie"] as const;
      const where = places.find((candidate) => candidate === textOf(memberOf(node, "in")));
      const parameter = textOf(memberOf(node, "name"));
      if (where !== undefined && parameter !== undefined) return { type: "apiKey", in: where, parameter };
      reading.problems.report(node, 'an API key with "name" and "in"', "neither or one");
      return undefined;
    }
    case "http": {
      const scheme = textOf(memberOf(node, "scheme"))?.toLowerCase();
      return scheme === "basic" || scheme === "bearer" ? { type: scheme } : undefined;
    }
    case "oauth2": {
      const flows = memberOf(node, "flows");
      const tokenUrl = ["clientCredentials", "password", "authorizationCode"]
        .map((flow) => textOf(memberOf(memberOf(flows, flow), "tokenUrl")))
        .find((url) => url !== undefined);
      return { type: "oauth2", ...present({ tokenUrl }) };
    }
    case "openIdConnect": {
      const issuer = textOf(memberOf(node, "openIdConnectUrl"))?.replace(DISCOVERY_PATH, "");
      return { type: "oauth2", ...present({ issuer }) };
    }
    default:
      return undefined;
  }
}

function textsIn(list: Node): readonly string[] {
  return (list.kind === "array" ? list.items : []).map(textOf).filter((text) => text !== undefined);
}
