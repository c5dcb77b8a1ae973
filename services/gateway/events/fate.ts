import type { CloudEvent, Disposition } from "@antiphon/protocol";
import { Problem } from "../http/problem.ts";
import type { Outcome } from "../requests.ts";
import type { Sent } from "./send.ts";

/** What became of an event, as its sender is told. */
export interface Fate {
  readonly source: string;
  readonly id: string;
  readonly disposition: Disposition;
  readonly instance?: string;
  readonly reason?: string;
}

/** Of an event that went to several places, what matters most to its sender comes first. */
const ORDER: readonly Disposition[] = [
  "resolved",
  "started",
  "buffered",
  "duplicate",
  "rejected",
  "expired",
  "unmatched",
];

/** Waits for what became of an event. A 504 if nobody tells in time. */
export async function fateOf(sent: Sent): Promise<Fate> {
  const { source, id } = sent.event;
  if (!("outcomes" in sent)) {
    const { disposition, reason } = sent.unused;
    return { source, id, disposition, reason };
  }
  const fates = (await Promise.all(sent.outcomes)).map((outcome) => fateIn(outcome, sent.event));
  const first = foremost(fates);
  if (first === undefined) throw new Error(`event ${id}: expected to go somewhere, went nowhere`);
  return first;
}

/** Of what became of an event in several places, what matters most; undefined: it went nowhere. */
export function foremost<One extends Pick<Fate, "disposition">>(fates: readonly One[]): One | undefined {
  const [first] = fates.toSorted((a, b) => ORDER.indexOf(a.disposition) - ORDER.indexOf(b.disposition));
  return first;
}

/** What an answer says of an event. */
export function fateIn(outcome: Outcome, { source, id }: CloudEvent): Fate {
  const see = `the event is kept, and will be dealt with: /v1/events/${encodeURIComponent(source)}/${encodeURIComponent(id)} shows how`;
  if (outcome === "late")
    throw new Problem(504, "no-answer-in-time", `no answer in time; ${see}`, { members: { source, id } });
  if (outcome === "stopping")
    throw new Problem(503, "stopping", `the gateway stops; ${see}`, { members: { source, id } });
  switch (outcome.type) {
    case "EventAnswer": {
      const { disposition, instance, reason } = outcome;
      return { source, id, disposition, ...(instance && { instance }), ...(reason && { reason }) };
    }
    case "InstanceAnswer":
    case "InstanceExists":
      return { source, id, disposition: "resolved", instance: outcome.instance };
    case "InstanceMissing":
      return { source, id, disposition: "unmatched", instance: outcome.instance, reason: outcome.reason };
    case "RequestRejected":
      return { source, id, disposition: "rejected", reason: outcome.reason };
  }
}
