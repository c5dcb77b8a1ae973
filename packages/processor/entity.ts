import type { Decision } from "@antiphon/protocol";
import type { Domain } from "./domain.ts";

/** What a partition holds of one key. */
export interface Entity<State> {
  readonly state: State;
  /** The offset of its newest decision; absent: it has none. */
  readonly newest?: number;
  /** The offset from which the log holds all that it is: its first decision, or the newest copy of it; absent: 0. */
  readonly since?: number;
  /** The offset of the decision that it began with; absent: it has not begun, or a release decided that which did not say. */
  readonly beginning?: number;
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

/** What an entity is after a decision at an offset has brought it to a state. */
export function changedAt<State, Event>(
  { absent, isBeginning }: Pick<Domain<State, never, Event>, "absent" | "isBeginning">,
  before: Entity<State>,
  { decision, offset, state }: { readonly decision: Decision<Event>; readonly offset: number; readonly state: State },
): Entity<State> {
  if (state === absent) return { state };
  const begins = before.beginning === undefined && isBeginning !== undefined && decision.events.some(isBeginning);
  const beginning = begins ? offset : before.beginning;
  // One that had been forgotten may still name a decision before: then it is not known what it needs.
  const since = before.state !== absent ? (before.since ?? 0) : decision.previous === undefined ? offset : 0;
  return { state, newest: offset, since, ...(beginning !== undefined && { beginning }) };
}

/** What an entity is after a copy of it at an offset. */
export function copiedAt<State>(
  before: Entity<State>,
  { beginning = before.beginning }: Pick<Decision<never>, "beginning">,
  { offset, state }: { readonly offset: number; readonly state: State },
): Entity<State> {
  return { ...before, state, newest: offset, since: offset, ...(beginning !== undefined && { beginning }) };
}
