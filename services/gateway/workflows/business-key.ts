import { deriveId } from "@antiphon/host";
import { type Command, topics } from "@antiphon/protocol";
import { aboutOf, lists, spacesOf } from "@antiphon/views";
import type { FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { unavailable } from "../http/errors.ts";
import { Problem } from "../http/problem.ts";
import { NewestFirst } from "../queries/newest-first.ts";
import { type StartedInstance, storedInstance, storedInstances } from "../queries/stored-instances.ts";
import type { Outcome } from "../requests.ts";
import { ask } from "./command.ts";

/** The most characters of a business key. */
export const BUSINESS_KEY_LENGTH_MAX = 255;
/** Of the instances that the views know for a key, how many are looked at, from the newest. */
const HOLDERS_MAX = 100;
/** How many instances a key may have had since the views were written last. */
const UNSEEN_MAX = 1_000;
/** How often a start is tried for which somebody else is always quicker. */
export const STARTS_TRIED_MAX = 5;
const KEY_TAKEN = "business-key-taken";

/** The business key of a request; undefined: it has none. */
export function businessKeyOf({ query }: FastifyRequest): string | undefined {
  const given = (query as { businessKey?: string | readonly string[] }).businessKey;
  if (given === undefined || given === "") return undefined;
  if (typeof given === "string" && given.length <= BUSINESS_KEY_LENGTH_MAX) return given;
  const found = typeof given === "string" ? `${given.length}` : `${given.length} keys`;
  const detail = `parameter businessKey: expected one of at most ${BUSINESS_KEY_LENGTH_MAX} characters, found ${found}`;
  throw new Problem(400, "unusable-business-key", detail);
}

/**
 * The id of the next instance with a business key, which only one instance at a time may have, of whatever workflow. It is
 * derived from the key and the one that had it last: whoever else starts one now comes to the same id, and one id is
 * started once. Views may be behind, and lead to an instance that had it earlier; its successors are looked up one by one.
 * A 409 if an instance has the key that has not ended.
 */
export async function nextHolder(gateway: Gateway, businessKey: string): Promise<string> {
  const { ports } = gateway;
  let last = await lastHolder(gateway, businessKey);
  for (let unseen = 0; unseen < UNSEEN_MAX; unseen += 1) {
    const next = deriveId(JSON.stringify(["business-key", businessKey, last]));
    const stored = await storedInstance(ports, next);
    if (stored === undefined) return next;
    if (isHolding(stored.state.status)) throw keyTaken(businessKey, stored.state);
    last = next;
  }
  throw unavailable(`business key ${JSON.stringify(businessKey)} has been used too often since views were written`);
}

/**
 * Asks for the start of an instance with a business key. Where somebody else was quicker, he has the key until his instance
 * ends: that is a 409, or if it has ended already the next try.
 */
export async function askUnderKey(
  gateway: Gateway,
  businessKey: string,
  begin: (id: string) => Command,
): Promise<{ readonly id: string; readonly outcome: Outcome }> {
  for (let attempt = 1; ; attempt += 1) {
    const id = await nextHolder(gateway, businessKey);
    const outcome = await ask(gateway, begin(id));
    if (typeof outcome === "string" || outcome.type !== "InstanceExists") return { id, outcome };
    const { status, workflow } = outcome;
    if (attempt === STARTS_TRIED_MAX || isHolding(status)) throw keyTaken(businessKey, { id, workflow });
  }
}

/** The instance that had the key last, as far as the views know; empty: none did. */
async function lastHolder({ ports }: Gateway, businessKey: string): Promise<string> {
  const spaces = spacesOf(topics.history, ports.partitions);
  const lines = new NewestFirst(ports.store, spaces, lists.instancesWithBusinessKey(businessKey), {});
  const ids = (await lines.take(HOLDERS_MAX)).map(({ entry }) => aboutOf(entry));
  for (const stored of await storedInstances(ports, ids)) {
    if (stored !== undefined && isHolding(stored.state.status)) throw keyTaken(businessKey, stored.state);
  }
  return ids[0] ?? "";
}

function isHolding(status: string): boolean {
  return status === "active" || status === "faulted";
}

/** Whether an error says that an instance which has not ended has the key. */
export function isKeyTaken(error: unknown): error is Problem {
  return error instanceof Problem && error.kind === KEY_TAKEN;
}

/** An instance that has not ended has the key. */
function keyTaken(businessKey: string, { id, workflow }: Pick<StartedInstance, "id" | "workflow">): Problem {
  const detail = `business key ${JSON.stringify(businessKey)}: expected one that no instance has, found instance ${id} of workflow ${workflow} with it`;
  return new Problem(409, KEY_TAKEN, detail, { members: { instance: id, workflow } });
}
