import { setTimeout as sleep } from "node:timers/promises";
import type { Answering } from "./answering.ts";
import { wasRefused } from "./publisher.ts";
import { Random } from "./random.ts";
import type { Order, Tally } from "./tally.ts";
import { WORKFLOWS, type Workflow } from "./workflows.ts";

/** How many orders are placed at a time, and how long each of those that place them rests in between. */
const LANES = 8;
const REST_MS_MAX = 1_500;
const ANSWER_MS_MAX = 10_000;
const ATTEMPTS_MAX = 100;
const TRY_AGAIN_MS = 250;

/** Places orders until it is told to stop. */
export async function placeOrders(
  seed: number,
  urls: () => string,
  tally: Tally,
  answering: Answering,
  over: AbortSignal,
): Promise<void> {
  const names = new Random(seed, "order").shuffled(Object.keys(WORKFLOWS));
  let placed = 0;
  const lane = async (_: unknown, lane: number): Promise<void> => {
    const random = new Random(seed, "lane", lane);
    while (!over.aborted) {
      const number = placed++;
      const name = names[number % names.length] ?? "";
      const workflow = WORKFLOWS[name];
      if (workflow !== undefined) tally.orders.push(await place(`o${number}`, name, workflow, random));
      await sleep(random.between(0, REST_MS_MAX), undefined, { signal: over }).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));

  async function place(orderid: string, name: string, { start, untold }: Workflow, random: Random): Promise<Order> {
    const isEarly = random.chance(0.5);
    const tell = (): void => {
      for (const label of untold ?? []) answering.answer(orderid, label, 1);
    };
    if (isEarly) tell();
    const began =
      start === undefined ? "surely" : await begin(name, { orderid, ...start(orderid) }, random.chance(0.5));
    if (!isEarly) tell();
    return { orderid, workflow: name, began };
  }

  /** Whoever is not answered cannot know whether it has begun, and tries again only where nobody can have heard. */
  async function begin(name: string, data: object, isAsync: boolean): Promise<Order["began"]> {
    const headers = { "content-type": "application/json", ...(isAsync && { prefer: "respond-async" }) };
    const body = JSON.stringify(data);
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      try {
        const request = { method: "POST", headers, body, signal: AbortSignal.timeout(ANSWER_MS_MAX) };
        const response = await fetch(`${urls()}/${name}`, request);
        const text = await response.text();
        if (response.ok) return "surely";
        if (response.status < 500) tally.surprises.push(`POST /${name}: expected 2xx or 5xx, found ${text}`);
        return "perhaps";
      } catch (error) {
        if (!wasRefused(error)) return "perhaps";
      }
      await sleep(TRY_AGAIN_MS);
    }
    return "perhaps";
  }
}
