import type { Members } from "../document/members.ts";
import { textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Produce } from "../model.ts";
import { readValue, textOrExpression } from "./expressions.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { unreadEvent } from "./stand-ins.ts";

/** Reads an event to publish, named by the given member. */
export function readProduce(members: Members, reference: "eventRef" | "triggerEventRef", scope: Scope): Produce {
  const event = members.require(reference, "the name of an event");
  const attributes = members.textsByName("contextAttributes", "the value of an attribute");
  return {
    event: lookUp(event, "an event", scope.events, scope.reading) ?? unreadEvent,
    ...present({ data: readValue(members, "data", scope) }),
    contextAttributes: Object.fromEntries(
      attributes.map(([name, node]) => [name, textOrExpression(node, textOf(node) ?? "", scope)]),
    ),
  };
}
