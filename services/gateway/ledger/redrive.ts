import { type DeadLetter, formatJson, type Json, type Redriven, type RedriveOutcome, topics } from "@antiphon/protocol";
import { isTaken, knownOf } from "@antiphon/views";
import { fateOf } from "../events/fate.ts";
import { send } from "../events/send.ts";
import type { Gateway } from "../gateway.ts";
import { Problem } from "../http/problem.ts";
import type { FoundLetter } from "../queries/dead-letters.ts";
import { iso } from "../queries/parameters.ts";
import { deliverOutward } from "./deliver-outward.ts";
import { resendRecord } from "./resend-record.ts";

/**
 * Sends a dead letter through again, and writes into their log what came of it. An event goes through the same matching
 * as if it had come in now; one that was taken meanwhile is not sent, and counts as a duplicate. What was going out goes
 * out again, and a record that could not be read goes back to its topic. A 409 if the letter cannot be sent (again).
 */
export async function redrive(gateway: Gateway, found: FoundLetter): Promise<RedriveOutcome> {
  const { log, clock } = gateway.ports;
  const { row, letter, partition } = found;
  const atMs = clock.now();
  const outcome = await resend(gateway, found);
  const redriven: Redriven = { type: "Redriven", id: letter.id, letter: row.offset, atMs, outcome };
  const value = formatJson(redriven as unknown as Json);
  const { id: key } = letter;
  await log.publish([{ topic: topics.deadLetters, key, value, partition }]);
  return outcome;
}

async function resend(gateway: Gateway, { row, letter, state }: FoundLetter): Promise<RedriveOutcome> {
  const { event, direction, isCut } = letter;
  if (isCut) {
    const expected = "expected one that can be sent again, found one of which only the beginning was kept";
    throw new Problem(409, "not-redrivable", `dead letter ${row.id}: ${expected}`);
  }
  if (event !== undefined && direction === undefined) return await match(gateway, letter, event);
  if (state === "redriven") {
    const { redriven } = row;
    const detail = `dead letter ${row.id}: expected one that was not sent again, found one that was sent at ${iso(redriven?.atMs ?? 0)}`;
    throw new Problem(409, "redriven-already", detail);
  }
  return event === undefined ? await resendRecord(gateway, letter) : await deliverOutward(gateway, letter, event);
}

/** The event comes in again, by the topic that it came by if it did. */
async function match(gateway: Gateway, { from }: DeadLetter, event: NonNullable<DeadLetter["event"]>) {
  // Whether it was taken meanwhile.
  await gateway.freshness.caughtUp();
  const [known] = await knownOf(gateway.ports, [{ event }]);
  if (known !== undefined && isTaken(known.disposition)) {
    const { disposition, instance, atMs } = known;
    const reason = `it was ${disposition} at ${iso(atMs)}`;
    return { result: "duplicate", ...(instance !== undefined && { instance }), reason } as const;
  }
  const intake = gateway.catalog.subscriptions.byTopic.get(from.topic);
  const [sent] = await send(gateway, [event], "a reply", intake);
  if (sent === undefined) throw new Error(`event ${event.id}: expected to be sent, was not`);
  try {
    const { disposition: result, instance, reason } = await fateOf(sent);
    return { result, ...(instance !== undefined && { instance }), ...(reason !== undefined && { reason }) };
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 504) throw error;
    return { result: "sent", reason: error.message } as const;
  }
}
