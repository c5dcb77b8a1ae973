import { type Destination, type KeyMismatch, keyMismatches, type Subscriptions } from "@antiphon/correlation";
import { type CloudEvent, INSTANCE_ATTRIBUTES, type JsonObject } from "@antiphon/protocol";
import type { WaitSummary } from "@antiphon/views";
import type { HeldStates } from "./held-states.ts";
import type { Way } from "./ways.ts";

/** What is known of the event by now. */
export interface Explained {
  readonly event: CloudEvent;
  readonly subscriptions: Pick<Subscriptions, "types">;
  readonly destinations: readonly Destination[];
  readonly ways: readonly Way[];
  readonly held: HeldStates;
}

/** Why an open wait for an event's type does not get it: a word, a sentence, and what was expected and found. */
export async function whyNot(explained: Explained, wait: WaitSummary): Promise<JsonObject> {
  const { event, destinations, ways } = explained;
  const named = destinations.find((one) => one.to === "commands" && one.command.type === "DeliverEvent");
  if (named?.to === "commands") return whyNotNamed(named.command.instance, wait, ways);
  const keys = wait.events.flatMap(({ eventType, key }) =>
    eventType === event.type && key !== undefined ? [key] : [],
  );
  const [key] = keys;
  if (key === undefined) {
    const names = INSTANCE_ATTRIBUTES.join(" or ");
    const detail = `it is found by the id of its instance (${names}) or by its callback's URL alone, and the event names no instance`;
    return { why: "names-no-instance", detail };
  }
  const consumers = explained.subscriptions.types.get(event.type) ?? { awaited: [] };
  const mismatches = keyMismatches(event, consumers, { workflow: wait.workflow, key });
  if (mismatches.length === 0) return await whyNotInTurn(explained, wait, key);
  const attributes = mismatches.map((one) => ({ ...one }));
  const isMissing = mismatches.some(({ missing }) => missing !== undefined);
  return { why: isMissing ? "missing-value" : "other-value", detail: mismatches.map(inWords).join("; "), attributes };
}

function whyNotNamed(named: string, wait: WaitSummary, ways: readonly Way[]): JsonObject {
  if (named !== wait.instance) {
    const detail = `instance: expected ${JSON.stringify(wait.instance)}, found ${JSON.stringify(named)}, which the event names`;
    return { why: "names-another-instance", detail, expected: wait.instance, found: named };
  }
  const way = ways.find(({ instance }) => instance === named);
  if (way?.wait !== undefined) return { why: "behind-another", detail: `wait ${way.wait} of the instance gets it` };
  return { why: "refused", detail: way?.reason ?? "the instance has the event already" };
}

/** The event has the wait's key. */
async function whyNotInTurn({ ways, held, event }: Explained, wait: WaitSummary, key: string): Promise<JsonObject> {
  const { waits } = await held.bucket(key);
  const place = waits.findIndex((one) => one.instance === wait.instance && one.wait === wait.wait);
  if (place < 0) {
    const detail =
      "it has the event's values, and is not registered under them: it has been matched, or is about to be registered";
    return { why: "not-registered", detail };
  }
  const way = ways.find(({ decisions }) => decisions.some((one) => "key" in one && one.key === key));
  if (way?.disposition === "duplicate") return { why: "duplicate", detail: way.reason ?? "the event came before" };
  const refusal = way?.decisions.find((one) => "instance" in one && one.instance === wait.instance);
  for (const fact of refusal !== undefined && "instance" in refusal ? refusal.facts : []) {
    if (fact.type === "EventIgnored") return { why: "refused", detail: fact.reason };
  }
  if (way !== undefined && isForAll(way)) return whyNotAtOnce(way, wait);
  if (way?.disposition === "resolved") {
    const detail = `it is number ${place + 1} of those that wait with these values: wait ${way.wait} of instance ${way.instance} gets it`;
    return { why: "behind-another", detail, place: place + 1 };
  }
  return { why: "not-offered", detail: way?.reason ?? `events of type ${event.type} are not offered under its values` };
}

function isForAll({ decisions }: Way): boolean {
  return decisions.some((one) => "key" in one && one.facts.some((fact) => "shared" in fact && fact.shared));
}

function whyNotAtOnce({ decisions }: Way, { instance }: WaitSummary): JsonObject {
  if (decisions.some((one) => "instance" in one && one.instance === instance)) {
    const detail = "the event goes to each instance once, and another wait of this one gets it";
    return { why: "behind-another", detail };
  }
  const detail = "the event is for all that wait, and goes to so many at a time: this one gets it later";
  return { why: "later", detail };
}

function inWords({ attribute, expected, found, missing }: KeyMismatch): string {
  const what = found === undefined ? `none: ${missing}` : JSON.stringify(found);
  return `correlation attribute ${JSON.stringify(attribute)}: expected ${JSON.stringify(expected)}, found ${what}`;
}
