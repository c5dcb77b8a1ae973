import assert from "node:assert/strict";
import type { CloudEvent, CorrelationEvent, CorrelationInput, KeyedWait } from "@antiphon/protocol";
import { type Bucket, decide, dueMs, emptyBucket, evolve, type ReachTime } from "../../index.ts";

type Distributive<T> = T extends unknown ? Omit<T, "key"> : never;
type Input = Distributive<CorrelationInput> | ReachTime;

export const HOUR_MS = 3_600_000;

/** A bucket and the clock it is decided by. */
export class Key {
  bucket: Bucket = emptyBucket;
  #nowMs = 0;

  /** Takes an input in; what comes back are the facts. */
  take(input: Input): readonly CorrelationEvent[] {
    const given = input.type === "ReachTime" ? input : ({ key: "k", ...input } as CorrelationInput);
    const facts = decide(this.bucket, given, this.#nowMs);
    this.bucket = facts.reduce((bucket, fact) => evolve(bucket, fact, this.#nowMs), this.bucket);
    return facts;
  }

  at(nowMs: number): this {
    this.#nowMs = nowMs;
    return this;
  }

  /** Reaches every time that the bucket asks for up to now. */
  catchUp(): readonly CorrelationEvent[] {
    const facts: CorrelationEvent[] = [];
    for (let round = 0; (dueMs(this.bucket) ?? Number.POSITIVE_INFINITY) <= this.#nowMs; round++) {
      if (round === 1_000) assert.fail("expected the bucket to come to rest");
      const more = this.take({ type: "ReachTime" });
      assert.notEqual(more.length, 0, "a time that was asked for must come to something");
      facts.push(...more);
    }
    return facts;
  }
}

export function wait(instance: string, id = "1"): KeyedWait {
  return { instance, wait: id };
}

export function event(id: string, data?: string): CloudEvent {
  return { specversion: "1.0", id, source: "/shop", type: "paid", ...(data !== undefined && { data }) };
}

export function open(instance: string, cardinality: "one" | "all" | "reject" = "one", id?: string): Input {
  return { type: "OpenWait", wait: wait(instance, id), cardinality };
}

export function offer(id: string, cardinality: "one" | "all" | "reject" = "one", bufferMs = HOUR_MS): Input {
  return { type: "OfferEvent", event: event(id), cardinality, bufferMs };
}

export function refuse(instance: string, id: string): Input {
  return { type: "RefuseEvent", ...wait(instance), event: event(id) };
}

export function giveBack(instance: string, id: string): Input {
  return { type: "ReturnWait", ...wait(instance), event: { source: "/shop", id, type: "paid" } };
}

export function returned(instance: string, id: string): CorrelationEvent {
  return { type: "WaitReturned", wait: wait(instance), event: { source: "/shop", id, type: "paid" } };
}

export function matched(instance: string, id: string, expiresMs = HOUR_MS, waitId?: string): CorrelationEvent {
  return { type: "EventMatched", wait: wait(instance, waitId), event: event(id), expiresMs };
}

export function shared(instance: string, id: string, waitId?: string): CorrelationEvent {
  return { type: "EventMatched", wait: wait(instance, waitId), event: event(id), expiresMs: HOUR_MS, shared: true };
}

export function dropped(
  id: string,
  disposition: "duplicate" | "expired" | "rejected",
  reason: string,
): CorrelationEvent {
  return { type: "EventDropped", event: event(id), disposition, reason };
}

export const TOO_LATE = "no wait with its correlation values opened in time";
