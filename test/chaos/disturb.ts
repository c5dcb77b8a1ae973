import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "./disturbance.ts";
import { Random } from "./random.ts";

/** How long it is quiet between two disturbances. */
const QUIET_MS_MAX = 1_500;

/** Disturbs a machine until the time is over: each kind once, in an order of the seed's, and then any of them. */
export async function disturb(
  machine: Machine,
  seed: number,
  durationMs: number,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const random = new Random(seed, "disturb");
  const beganMs = performance.now();
  const done: string[] = [];
  let planned: Machine["disturbances"] = [];
  while (performance.now() - beganMs < durationMs) {
    if (planned.length === 0) planned = random.shuffled(machine.disturbances);
    const [next, ...later] = planned;
    planned = later;
    await sleep(random.between(0, QUIET_MS_MAX));
    const what = await next?.strike(random);
    if (next === undefined || what === undefined) continue;
    done.push(next.name);
    say(what);
  }
  return done;
}
