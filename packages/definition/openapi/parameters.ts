import type { Node } from "../document/node.ts";
import { describe, jsonOf, memberOf, oneOf, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Reading } from "../document/reading.ts";
import type { OpenApiParameter, OpenApiStyle } from "../model.ts";
import { follow, followTo } from "./reference.ts";

const PLACES = ["path", "query", "header", "cookie"] as const;

/** The styles of each place; the first one is meant where none is said. */
const STYLES: Readonly<Record<OpenApiParameter["in"], readonly OpenApiStyle[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form"],
};

/** Parameters of the path, then of the operation; one of the same name and place overrides. */
export function readParameters(owners: readonly Node[], reading: Reading): readonly OpenApiParameter[] {
  const parameters = new Map<string, OpenApiParameter>();
  for (const owner of owners) {
    const list = followTo(owner, "parameters", reading);
    for (const item of list?.kind === "array" ? list.items : []) {
      const node = follow(item, reading);
      const parameter = node && readParameter(node, reading);
      if (parameter !== undefined) parameters.set(`${parameter.in} ${parameter.name}`, parameter);
    }
  }
  return [...parameters.values()];
}

function readParameter(node: Node, reading: Reading): OpenApiParameter | undefined {
  const name = textOf(memberOf(node, "name"));
  const place = PLACES.find((candidate) => candidate === textOf(memberOf(node, "in")));
  if (name === undefined || place === undefined) {
    reading.problems.report(node, 'a parameter with "name" and "in"', "neither or one");
    return undefined;
  }
  const style = styleOf(node, STYLES[place], reading);
  const content = followTo(node, "content", reading);
  const [mediaType] = content?.kind === "object" ? content.members.keys() : [];
  const absent = memberOf(followTo(node, "schema", reading), "default");
  return {
    name,
    in: place,
    required: place === "path" || isTrue(memberOf(node, "required")) === true,
    style,
    explode: isTrue(memberOf(node, "explode")) ?? style === "form",
    ...present({
      allowReserved: isTrue(memberOf(node, "allowReserved")) === true ? (true as const) : undefined,
      mediaType,
      default: absent && jsonOf(absent),
    }),
  };
}

/** One of the styles, or, unless one is named, the first. */
export function styleOf(owner: Node, styles: readonly OpenApiStyle[], reading: Reading): OpenApiStyle {
  const node = memberOf(owner, "style");
  const style = styles.find((candidate) => candidate === textOf(node));
  if (node !== undefined && style === undefined) reading.problems.report(node, oneOf(styles), describe(node));
  return style ?? styles[0] ?? "form";
}

/** A flag, which may be written as a text; undefined: it is not there. */
export function isTrue(node: Node | undefined): boolean | undefined {
  const text = textOf(node);
  return text === undefined ? undefined : text === "true";
}
