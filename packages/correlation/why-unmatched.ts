import { BUSINESS_KEY_ATTRIBUTE, type CloudEvent, INSTANCE_ATTRIBUTES } from "@antiphon/protocol";
import type { Awaited, Consumers } from "./subscribe.ts";
import { ABSENT, ValuesSought } from "./value-in.ts";

/** The most workflows that a reason goes through. */
export const REASONS_MAX = 5;

/** Why an event is for nobody, in words for whoever sent it. */
export function whyUnmatched(event: CloudEvent, { awaited }: Consumers): string {
  const type = JSON.stringify(event.type);
  if (awaited.length === 0) return `no workflow consumes events of type ${type}`;
  const instance = `the event names no instance (${INSTANCE_ATTRIBUTES.join(" or ")})`;
  const values = new ValuesSought(event);
  const reasons = [...new Set(awaited.map((one) => whyNot(event, one, values)))];
  const shown = reasons.slice(0, REASONS_MAX);
  const more = reasons.length > shown.length ? [`and ${reasons.length - shown.length} more`] : [];
  return `${[...shown, ...more].join("; ")}; and ${instance}`;
}

function whyNot(event: CloudEvent, one: Awaited, values: ValuesSought): string {
  const { workflow, attributes } = one;
  const who = `workflow ${JSON.stringify(workflow)} awaits ${JSON.stringify(event.type)}`;
  if (attributes.length === 0)
    return `${who} without correlation attributes, so by the business key, ${BUSINESS_KEY_ATTRIBUTE}`;
  const absent: string[] = [];
  const unread: string[] = [];
  for (const name of attributes) {
    const value = values.of(one, name);
    if ("value" in value) continue;
    if (value.missing === ABSENT) absent.push(name);
    else unread.push(`${name}: ${value.missing}`);
  }
  const reasons = absent.length > 0 ? [`${ABSENT}: ${absent.join(", ")}`, ...unread] : unread;
  return `${who} by ${attributes.join(", ")}, ${reasons.join(", ")}`;
}
