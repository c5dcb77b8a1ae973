import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ANSWER_SOURCE, type Asked, type AskedService, answerData, answerId, WAYS, type Way } from "./asked-service.ts";
import type { Client } from "./client.ts";
import { WAIT_MS_MAX } from "./wait-until.ts";

/** How many requests are under way at a time. */
const AT_A_TIME = 10;
/** A service that was killed may be missed by its group for a while. */
const RECOVERY_MS_MAX = 2 * WAIT_MS_MAX;

/** An instance that has been started with a question. */
export interface Started {
  readonly id: string;
  readonly way: Way;
  readonly data: { readonly question: number; readonly orderid: string };
}

/** Starts instances that ask a question each, in all ways in turn. */
export function startMany(client: Client, count: number): Promise<readonly Started[]> {
  return inParallel(
    Array.from({ length: count }, (_, i) => i),
    async (i) => {
      const way = WAYS[i % WAYS.length] ?? "by-url";
      const data = { question: i, orderid: randomUUID() };
      return { id: await client.start(way, data), way, data };
    },
  );
}

/** The questions of these instances, once all have come. */
export function questionsOf(service: AskedService, started: readonly Started[]): Promise<readonly Asked[]> {
  return service.askedBy(new Set(started.map(({ id }) => id)), RECOVERY_MS_MAX);
}

/** Answers all of these, some at a time. */
export async function answerAll(service: AskedService, asked: readonly Asked[]): Promise<void> {
  await inParallel(asked, (one) => service.answer(one));
}

/**
 * Waits until all have ended, and checks that nothing tells of a disturbance: each has its own answer, and has taken it
 * once; each question was asked under one id; the ledger has one fate for each answer.
 */
export async function assertUndisturbed(
  client: Client,
  service: AskedService,
  started: readonly Started[],
): Promise<void> {
  const ended = await inParallel(started, ({ id }) => client.ended(id, RECOVERY_MS_MAX));
  assert.deepEqual(
    ended.map(({ id, status, data }) => ({ id, status, data })),
    started.map(({ id, data }) => ({ id, status: "completed", data: { ...data, answer: answerData(data) } })),
  );
  const histories = await inParallel(started, async ({ id }) => counts(await client.history(id)));
  assert.deepEqual(
    histories,
    started.map(() => ({ InstanceStarted: 1, EventAwaited: 1, EventReceived: 1, InstanceCompleted: 1 })),
  );
  const asked = await questionsOf(service, started);
  assert.deepEqual(
    asked.map(({ way, question }) => `${way} ${question}`).sort(),
    started.map(({ way, data }) => `${way} ${data.question}`).sort(),
  );
  await inParallel(asked, (one) => client.disposition(ANSWER_SOURCE, answerId(one), "resolved"));
}

const COUNTED = ["InstanceStarted", "EventAwaited", "EventReceived", "InstanceCompleted"];

function counts(history: readonly { readonly type: string }[]): Readonly<Record<string, number>> {
  return Object.fromEntries(COUNTED.map((name) => [name, history.filter(({ type }) => type === name).length]));
}

/** Does something with each, so many at a time; results in the order of the items. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const pending = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) results[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return results;
}
