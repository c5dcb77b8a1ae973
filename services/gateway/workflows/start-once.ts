import { createHash } from "node:crypto";
import { isResting } from "@antiphon/engine";
import { deriveId } from "@antiphon/host";
import { type Command, formatJson, type Json, type Reply, type StartOnce, topics } from "@antiphon/protocol";
import { aboutOf, lists, spacesOf, timeRange } from "@antiphon/views";
import type { FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { unavailable } from "../http/errors.ts";
import { Problem } from "../http/problem.ts";
import { NewestFirst } from "../queries/newest-first.ts";
import { type StartedInstance, storedInstance, storedInstances } from "../queries/stored-instances.ts";
import type { Outcome } from "../requests.ts";
import { isKeyTaken, nextHolder, STARTS_TRIED_MAX } from "./business-key.ts";
import { ask, order } from "./command.ts";

/** The most characters of an `Idempotency-Key`. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;
/** How long a start with such a key can be repeated at least, in milliseconds. */
export const REMEMBERED_MS = 24 * 3_600_000;
/** Of the instances that a business key had within that time, how many are looked at. */
export const HOLDERS_LOOKED_AT_MAX = 1_000;
/** How often an instance is looked at that has not come to rest yet. */
const LOOK_AGAIN_MS = 50;

/** A start that counts once. */
export interface OnceStart {
  readonly workflow: string;
  readonly businessKey: string | undefined;
  readonly once: StartOnce;
  readonly begin: (id: string) => Command;
}

/** What makes a start count once, from its request; undefined: it has no `Idempotency-Key`. `asked` is what it asks for. */
export function onceOf({ headers }: FastifyRequest, asked: Json): StartOnce | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key !== "string" || !/^[\x20-\x7e]+$/.test(key) || key.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
    const expected = `1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} printable ASCII characters`;
    const detail = `header Idempotency-Key: expected ${expected}, found ${JSON.stringify(key)}`;
    throw new Problem(400, "unusable-idempotency-key", detail);
  }
  return { key, request: createHash("sha256").update(formatJson(asked)).digest("base64url") };
}

/**
 * Starts an instance unless this key has started one before. Without a business key the instance's id follows from
 * the key, so that its partition decides which of several starts is the first. With one, the id is the next of the
 * business key, and the key of the start is looked for among those that had it; in this order, so that a start which the
 * look does not see has come to the same id. Answers as if the first had been asked: a 422 if it asked for something else.
 */
export async function startOnce(
  gateway: Gateway,
  start: OnceStart,
): Promise<{ readonly id: string; readonly outcome: Outcome }> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await placeOf(gateway, start);
    if ("earlier" in found) return { id: found.earlier.id, outcome: await answerAgain(gateway, found.earlier, start) };
    const { id } = found;
    const outcome = await ask(gateway, start.begin(id));
    if (typeof outcome === "string" || outcome.type !== "InstanceExists") return { id, outcome };
    if (attempt === STARTS_TRIED_MAX) throw unavailable(`instance ${id} was started by others each time`);
  }
}

/** Gives the order to start an instance, unless this key has started one before; answers with its id. */
export async function orderOnce(gateway: Gateway, start: OnceStart): Promise<string> {
  const found = await placeOf(gateway, start);
  if ("earlier" in found) {
    assertSame(found.earlier, start);
    return found.earlier.id;
  }
  await order(gateway, start.begin(found.id));
  return found.id;
}

type Place = { readonly id: string } | { readonly earlier: StartedInstance };

/** The instance that this key has started, or the id of the one that it is to start. */
async function placeOf(gateway: Gateway, { workflow, businessKey, once }: OnceStart): Promise<Place> {
  if (businessKey === undefined) {
    const id = deriveId(JSON.stringify(["idempotency-key", workflow, once.key]));
    const stored = await storedInstance(gateway.ports, id);
    return stored === undefined ? { id } : { earlier: stored.state };
  }
  const next = await nextHolder(gateway, businessKey).catch((error: unknown) => {
    if (isKeyTaken(error)) return error;
    throw error;
  });
  const earlier = await holderStartedBy(gateway, businessKey, workflow, once);
  if (earlier !== undefined) return { earlier };
  if (typeof next !== "string") throw next;
  return { id: next };
}

async function holderStartedBy(
  { ports, freshness }: Gateway,
  businessKey: string,
  workflow: string,
  { key }: StartOnce,
): Promise<StartedInstance | undefined> {
  await freshness.caughtUp([topics.history]);
  const spaces = spacesOf(topics.history, ports.partitions);
  const range = timeRange(ports.clock.now() - REMEMBERED_MS, undefined);
  const lines = new NewestFirst(ports.store, spaces, lists.instancesWithBusinessKey(businessKey), range);
  const ids = (await lines.take(HOLDERS_LOOKED_AT_MAX + 1)).map(({ entry }) => aboutOf(entry));
  const holders = await storedInstances(ports, ids);
  const found = holders.find((one) => one?.state.workflow === workflow && one.state.once?.key === key);
  if (found === undefined && ids.length > HOLDERS_LOOKED_AT_MAX) {
    const often = `more than ${HOLDERS_LOOKED_AT_MAX} instances had business key ${JSON.stringify(businessKey)} in a day`;
    throw unavailable(`${often}: whether this start is a repetition cannot be said`);
  }
  return found?.state;
}

/** The answer to a start that has been made: what the first one was or will be told, by the instance as it is then. */
async function answerAgain(gateway: Gateway, earlier: StartedInstance, start: OnceStart): Promise<Outcome> {
  const { ports, config, signal } = gateway;
  assertSame(earlier, start);
  const untilMs = ports.clock.steady() + config.replyTimeoutMs;
  for (let instance: StartedInstance | undefined = earlier; ; ) {
    if (instance !== undefined && isResting(instance)) return answerOf(instance);
    if (signal.aborted) return "stopping";
    if (ports.clock.steady() >= untilMs) return "late";
    await ports.clock.sleep(LOOK_AGAIN_MS, signal);
    instance = (await storedInstance(ports, earlier.id))?.state;
  }
}

function assertSame({ id, once }: StartedInstance, { once: { key, request } }: OnceStart): void {
  if (once?.request === request) return;
  const detail = `header Idempotency-Key: ${JSON.stringify(key)} has started instance ${id} with another request: expected the same one again, or another key`;
  throw new Problem(422, "idempotency-key-reused", detail, { members: { id } });
}

function answerOf(instance: StartedInstance): Extract<Reply, { type: "InstanceAnswer" }> {
  const { id, status, data } = instance;
  const [token] = Object.values(instance.tokens);
  const failure = instance.status === "faulted" && {
    error: instance.error,
    ...(token && { failedState: token.state }),
  };
  return { type: "InstanceAnswer", request: "", instance: id, status, data, ...failure };
}
