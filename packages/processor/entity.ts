import type { Domain } from "./domain.ts";

/** What a partition holds of one key. */
export interface Entity<State> {
  readonly state: State;
  /** The offset of its newest decision; absent: it has none. */
  readonly newest?: number;
  /** The offset from which the log holds all that it is: its first decision, or the newest copy of it; absent: 0. */
  readonly since?: number;
  /** Its time came and could not be decided: it is tried again then, or once something else was; absent: it could. */
  readonly restsUntilMs?: number;
}

/** How long an entity rests whose time could not be decided, milliseconds. */
export const UNDECIDED_MS = 3_600_000;

/** When it wants `ReachTime`, epoch milliseconds: not before it has rested, where that could not be decided. */
export function dueOf<State>(
  domain: Pick<Domain<State, never, never>, "dueMs">,
  { state, restsUntilMs = 0 }: Entity<State>,
): number | undefined {
  const dueMs = domain.dueMs(state);
  return dueMs === undefined ? undefined : Math.max(dueMs, restsUntilMs);
}

/** The same, whose time came and could not be decided. */
export function resting<State>(entity: Entity<State>, atMs: number): Entity<State> {
  return { ...entity, restsUntilMs: atMs + UNDECIDED_MS };
}
