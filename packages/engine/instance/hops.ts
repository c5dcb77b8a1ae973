import { HOP_REGAIN_MS, HOPS_MAX } from "@antiphon/protocol";
import { illegal } from "../errors/workflow-fault.ts";
import type { ActiveInstance } from "./instance.ts";

/** How many instances, each started by the one before, stand behind what this one does now; those long ago do not count. */
export function hopsAt({ hops = 0, sinceMs }: Pick<ActiveInstance, "hops" | "sinceMs">, nowMs: number): number {
  const forgotten = sinceMs === undefined ? 0 : Math.floor(Math.max(0, nowMs - sinceMs) / HOP_REGAIN_MS);
  return Math.max(0, hops - forgotten);
}

/** The hops of an instance that asks for another one; no member: it stands at the beginning. Throws if that is one too many. */
export function hopsPassedOn(instance: ActiveInstance, nowMs: number): { readonly hops?: number } {
  const hops = hopsAt(instance, nowMs);
  if (hops < HOPS_MAX) return hops === 0 ? {} : { hops };
  const found = "found one more: the workflow may start itself without an end";
  throw illegal("too-many-hops", `expected at most ${HOPS_MAX} instances that started each other at once, ${found}`);
}
