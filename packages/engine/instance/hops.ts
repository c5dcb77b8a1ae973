import { HOP_REGAIN_MS, HOPS_MAX } from "@antiphon/protocol";
import type { Environment } from "../environment.ts";
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

/**
 * Throws if the family has led to as many instances as it may. Who asks for one is refused, and not only the one that is asked
 * for: else each of many would ask for many more in vain, and every request and refusal is a fact.
 */
export function checkStart(env: Environment, family: string, hops: number): void {
  refuse(env.refusesStart?.(family, hops));
}

/** Throws if the instance is one that another has led to, and all of these have said as much as they may. */
export function checkEvent(env: Environment, { id, family = id }: ActiveInstance): void {
  if (family !== id) refuse(env.refusesEvent?.(family));
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw illegal("too-many-starts", problem);
}
