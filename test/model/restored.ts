import { equalJson, formatJson, type Json, parseJson } from "@antiphon/protocol";

/** A decision, as a log has it. */
export interface Decided {
  readonly atMs: number;
  readonly events: readonly unknown[];
}

/**
 * What an owner knows that has just begun and found an empty store: the fold of the log. Before every single decision, so
 * that all that is explored is explored with a crash, and a store that was wiped, at each of its steps. Throws if it is
 * not what the owner before it knew.
 */
export function restored<State, Event>(
  log: string,
  decisions: readonly Decided[] | undefined,
  nothing: State,
  evolveBy: (state: State, event: Event, atMs: number) => State,
  known: State | undefined,
): State {
  let state = nothing;
  for (const { atMs, events } of decisions ?? []) {
    for (const event of events) state = evolveBy(state, event as Event, atMs);
  }
  const stored = parseJson(formatJson(state as Json));
  if (known !== undefined && !equalJson(stored, known as Json)) {
    throw new Error(`${log}: expected the fold ${formatJson(known as Json)}, found ${formatJson(stored)}`);
  }
  return stored as State;
}
