import { describe } from "node:test";
import { appending } from "./appending.ts";
import { faults } from "./faults.ts";
import { groups } from "./groups.ts";
import type { Open } from "./harness.ts";
import { publishing } from "./publishing.ts";
import { reading } from "./reading.ts";
import { tailing } from "./tailing.ts";
import { topics } from "./topics.ts";

export interface Options {
  /** What the log holds outlives its process, so that its harness has `restart`. True unless it is said. */
  readonly durable?: boolean;
  /** Why nothing of this can be run here. */
  readonly skip?: string | false;
}

/**
 * What every adapter of the log does, whatever it is made of. An adapter's test file calls this and is done.
 *
 * It does NOT assert: how fast anything is; that records outlive a power failure, or their retention; that a full disk or
 * an unreachable broker is reported; what an ephemeral topic holds after a restart; how evenly a group shares, or how
 * soon; the order of records in different partitions; what is done to a `run` that never returns.
 */
export function logContract(name: string, open: Open, { durable = true, skip = false }: Options = {}): void {
  describe(`${name}: the contract of the log`, { skip }, () => {
    describe("topics", () => topics(open, durable));
    describe("appending", () => appending(open));
    describe("appending over an unreliable way", () => faults(open));
    describe("publishing", () => publishing(open));
    describe("reading", () => reading(open));
    describe("tailing", () => tailing(open));
    describe("groups", () => groups(open));
  });
}
