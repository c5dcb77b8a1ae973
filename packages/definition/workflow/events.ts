import type { Members } from "../document/members.ts";
import { present } from "../document/present.ts";
import type { CorrelationAttribute, EventDefinition } from "../model.ts";

/** Reads one of `events`. */
export function readEvent(members: Members): EventDefinition {
  return {
    name: members.text("name", "the name of the event"),
    type: members.text("type", "the type of the event"),
    ...present({ source: members.optionalText("source", "the source of the event") }),
    kind: members.choice("kind", ["consumed", "produced"], "consumed") ?? "consumed",
    dataOnly: members.flag("dataOnly", true),
    correlation: members.objects("correlation", "a correlation attribute", readCorrelation),
    metadata: members.jsonObject("metadata") ?? {},
  };
}

function readCorrelation(members: Members): CorrelationAttribute {
  const value = members.optionalText("contextAttributeValue", "a value or an expression");
  // Attributes of CloudEvents are in lower case, however a document spells them.
  const name = members.text("contextAttributeName", "the name of an attribute").toLowerCase();
  return { name, ...present({ value }) };
}
