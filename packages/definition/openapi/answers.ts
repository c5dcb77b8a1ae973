import type { Node } from "../document/node.ts";
import { memberOf } from "../document/node.ts";
import type { Reading } from "../document/reading.ts";
import type { OpenApiAnswer } from "../model.ts";
import { followQuietly } from "./reference.ts";
import { readValueTypes } from "./value-types.ts";

/** What an operation's successful answers hold, of each status and media type whose schema names scalar types. */
export function readAnswers(operation: Node, reading: Reading): readonly OpenApiAnswer[] | undefined {
  const answers: OpenApiAnswer[] = [];
  const responses = followQuietly(memberOf(operation, "responses"), reading);
  for (const [status, node] of responses?.kind === "object" ? responses.members : []) {
    if (!/^(?:2\d\d|2XX|default)$/i.test(status)) continue;
    const content = followQuietly(memberOf(followQuietly(node, reading), "content"), reading);
    for (const [mediaType, media] of content?.kind === "object" ? content.members : []) {
      const types = readValueTypes(memberOf(followQuietly(media, reading), "schema"), reading);
      if (types !== undefined) answers.push({ status, mediaType, types });
    }
  }
  return answers.length === 0 ? undefined : answers;
}
