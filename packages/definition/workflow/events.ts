import type { Members } from "../document/members.ts";
import { present } from "../document/present.ts";
import type { EventDefinition } from "../model.ts";
import { readCorrelation } from "./correlation.ts";

/** Reads one of `events`. */
export function readEvent(members: Members): EventDefinition {
  return {
    name: members.text("name", "the name of the event"),
    type: members.text("type", "the type of the event"),
    ...present({ source: members.optionalText("source", "the source of the event") }),
    kind: members.choice("kind", ["consumed", "produced"], "consumed") ?? "consumed",
    dataOnly: members.flag("dataOnly", true),
    correlation: readCorrelation(members),
    metadata: members.jsonObject("metadata") ?? {},
  };
}
