import { deriveId } from "@antiphon/host";
import type { CloudEvent } from "@antiphon/protocol";
import type { Outside } from "./outside.ts";
import type { World } from "./world.ts";

/** Within so long everything is begun. */
export const BUSINESS_MS = 150_000;

/** For so long somebody looks after what has failed. */
const MENDING_MS = 900_000;

/** What is started from outside, and what happens there without being asked for. The seed says when. */
export function doBusiness(world: World, outside: Outside): void {
  const sometime = (act: () => void): void => outside.later(world.schedule.below(BUSINESS_MS), act);
  let events = 0;
  const event = (type: string, order: string): CloudEvent => {
    const id = `x${events++}`;
    return { specversion: "1.0", id, source: "outside", type, order, data: { answer: id } };
  };
  const start = (workflow: string, nth: number, order: string): void => {
    const instance = `${workflow}-${nth}`;
    sometime(() =>
      outside.start({ type: "StartInstance", instance, workflow, data: { order }, headers: {}, businessKey: order }),
    );
  };

  for (let i = 0; i < 2; i++) start("by-token", i, `t${i}`);
  for (let i = 0; i < 2; i++) start("by-id", i, `i${i}`);
  for (let i = 0; i < 3; i++) start("by-key", i, `k${world.schedule.below(2)}`);
  for (let i = 0; i < 3; i++) start("announced", i, `a${world.schedule.below(2)}`);
  for (let i = 0; i < 2; i++) start("either-then-both", i, `e${i}`);
  for (let i = 0; i < 2; i++) start("trip", i, `r${i}`);
  start("family", 0, "f0");
  for (let i = 0; i < 2; i++) {
    start("mended", i, `m${i}`);
    const parent = `mended-${i}`;
    const child = deriveId(`${parent}/1.1/1`);
    // The last ones come when nothing goes wrong any more.
    for (let atMs = 0; atMs < MENDING_MS; atMs += world.between(5_000, 40_000)) {
      outside.later(atMs, () => outside.retrigger(world.schedule.chance(0.5) ? parent : child));
    }
  }
  for (const order of ["a0", "a1"]) sometime(() => outside.publish(event("announced.opened", order), "key"));
  for (const order of ["e0", "e1"]) {
    for (const type of ["either.paid", "either.shipped", "either.paid", "either.shipped"]) {
      if (world.schedule.chance(0.8)) sometime(() => outside.publish(event(type, order), "key"));
    }
  }
  for (const order of ["c0", "c1"]) sometime(() => outside.publish(event("chain.begun", order), "start"));
  // For nobody: no type that anybody takes, an instance that there never was, a key that is missing.
  sometime(() => outside.publish({ ...event("by-id.answered", "-"), kogitoprocrefid: "nobody" }, "instance"));
  sometime(() => {
    const { order: _, ...keyless } = event("by-key.answered", "-");
    outside.publish(keyless as CloudEvent, "key");
  });
}
