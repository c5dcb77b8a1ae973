import { beginningOf, type Fact, LogUnavailableError } from "@antiphon/log";
import { formatJson, type Json, type Rejection } from "@antiphon/protocol";
import type { Domain, Received } from "./domain.ts";
import { BEGINNING_BYTES_MAX, rejectionOf } from "./rejection.ts";

/** One thing to decide: an input, an input that cannot be decided, or a time that has come. */
export type Item<Input> =
  | { readonly kind: "input"; readonly offset: number; readonly received: Received<Input> }
  | {
      readonly kind: "rejected";
      readonly offset: number;
      readonly rejected: Rejection;
      /** Absent if not even that could be read. */
      readonly received?: Received<Input>;
    }
  | { readonly kind: "due"; readonly key: string; readonly failed?: string };

/** Reads a record of the input topic. What is wrong with it becomes the reason why it is rejected. */
export function readItem<Input>(domain: Pick<Domain<never, Input, never>, "read">, fact: Fact): Item<Input> {
  const { offset } = fact;
  const text = fact.value ?? "";
  const rejected = (reason: string): Item<Input> => {
    const value = beginningOf(text, BEGINNING_BYTES_MAX);
    const isCut = value.length < text.length;
    return { kind: "rejected", offset, rejected: { ...rejectionOf(reason, value), ...(isCut && { isCut }) } };
  };
  if (fact.malformed) return rejected("expected UTF-8, found other bytes");
  if (fact.value === null) return rejected("expected a value, found none");
  try {
    return { kind: "input", offset, received: domain.read(fact) };
  } catch (error) {
    return rejected((error as Error).message);
  }
}

/** The entity that an item is about; undefined: none that is known. */
export function keyOf(item: Item<unknown>): string | undefined {
  return item.kind === "due" ? item.key : item.received?.key;
}

/**
 * Waits for what the items need, all at once. An item whose need cannot be met is rejected, or failed if it has no input.
 * Throws `LogUnavailableError` if that cannot be found out: then nothing may be said of any of them.
 */
export async function prepare<State, Input>(
  domain: Pick<Domain<State, Input, never>, "prepare">,
  items: readonly Item<Input>[],
  stateOf: (key: string) => State,
): Promise<readonly Item<Input>[]> {
  const needs = items.map((item) => {
    if (item.kind === "rejected") return undefined;
    const input = item.kind === "due" ? ({ type: "ReachTime" } as const) : item.received.input;
    return domain.prepare?.(stateOf(item.kind === "due" ? item.key : item.received.key), input);
  });
  if (needs.every((need) => need === undefined)) return items;
  const outcomes = await Promise.allSettled(needs);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && outcome.reason instanceof LogUnavailableError) throw outcome.reason;
  }
  return items.map((item, i) => {
    const outcome = outcomes[i];
    if (outcome?.status !== "rejected" || item.kind === "rejected") return item;
    const reason = (outcome.reason as Error).message;
    if (item.kind === "due") return { ...item, failed: reason };
    const rejected = rejectionOf(reason, formatJson(item.received.input as unknown as Json));
    return { ...item, kind: "rejected", rejected };
  });
}
