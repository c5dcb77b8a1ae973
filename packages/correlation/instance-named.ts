import { attributeOf, type CloudEvent, instanceOf } from "@antiphon/protocol";
import type { Consumers } from "./subscribe.ts";

/**
 * The instance that an event is for by its own word. Two names do not count, or workflows could not talk to each other:
 * that of an instance in an event which only starts instances; and our own attribute in an event of a workflow that does
 * not await the type, for there it says who sent it. (A service that answers sends both attributes back as it got them,
 * and its answer has a type that the workflow awaits. `kogitoprocrefid` is only ever set to say whom it is for.)
 */
export function instanceNamed(event: CloudEvent, { awaited, starting }: Consumers): string | undefined {
  const instance = instanceOf(event);
  if (instance === undefined) return undefined;
  if (awaited.length === 0 && starting.length > 0) return undefined;
  if (attributeOf(event, "kogitoprocrefid") !== undefined) return instance;
  const sender = attributeOf(event, "kogitoprocid");
  if (sender === undefined || awaited.some(({ workflow }) => workflow === sender)) return instance;
  return attributeOf(event, "kogitoprocinstanceid") === instance ? undefined : instance;
}
