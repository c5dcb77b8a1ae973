import type { Domain } from "./domain.ts";

/** An entity after all events of a decision. Throws if one of them cannot be folded. */
export function evolveAll<State, Event>(
  domain: Pick<Domain<State, never, Event>, "evolve" | "evolveAll">,
  before: State,
  events: readonly Event[],
  atMs: number,
): State {
  if (domain.evolveAll !== undefined) return domain.evolveAll(before, events, atMs);
  return events.reduce((state, event) => domain.evolve(state, event, atMs), before);
}
