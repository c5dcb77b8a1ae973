import type { Fact } from "@antiphon/log";
import type { Decision, Reply, ReplyTo, Stamp } from "@antiphon/protocol";

/** The one input that does not come from the log: an entity's `dueMs` has been reached. */
export interface ReachTime {
  readonly type: "ReachTime";
}

/** An input as the domain reads it from a record. */
export interface Received<Input> {
  /** Which entity it is for. */
  readonly key: string;
  readonly input: Input;
  readonly from?: Stamp;
  /** Who is told what became of it. */
  readonly reply?: ReplyTo;
}

export interface Answer {
  readonly gateway: string;
  readonly reply: Reply;
}

/** Why there is no decision. */
export interface Failure {
  readonly code: "too-large" | "undecidable";
  readonly message: string;
}

/**
 * What a partition processor runs: pure rules over entities that are told apart by a key. The orchestrator's entities
 * are instances, the correlator's are correlation keys. States and events are plain JSON.
 */
export interface Domain<State, Input, Event> {
  /** Orders are read from here, facts are appended there; both have the same number of partitions. */
  readonly inputTopic: string;
  readonly factTopic: string;
  /** What an entity is of which nothing is known. The store forgets an entity whose state is this very object again. */
  readonly absent: State;
  /** Reads an input; throws what is wrong with it. */
  read(record: Fact): Received<Input>;
  /**
   * What has to be waited for before this can be decided, briefly: the partition waits. Undefined: nothing. A rejection
   * parks the input, `LogUnavailableError` lets the partition try again later.
   */
  prepare?(state: State, input: Input | ReachTime): Promise<void> | undefined;
  /** Throws if it cannot be decided; an error whose `code` is `too-large` says that no record could hold the decision. */
  decide(state: State, input: Input | ReachTime, nowMs: number): readonly Event[];
  evolve(state: State, event: Event, atMs: number): State;
  /** The same for all events of a decision, where that takes less than one after the other. */
  evolveAll?(state: State, events: readonly Event[], atMs: number): State;
  /** Whether an entity begins with this: its later decisions say where that was. Absent: nobody asks. */
  isBeginning?(event: Event): boolean;
  /** When the entity wants `ReachTime`, epoch milliseconds; undefined: not at all. */
  dueMs(state: State): number | undefined;
  /** When it ended, epoch milliseconds; undefined: it has not. What has not is copied forward, and never forgotten. */
  overMs?(state: State): number | undefined;
  /** What is copied forward of an entity has its past decisions with it, up to a limit. */
  readonly keepsHistory?: true;
  /**
   * What happens to an entity where no decision can be made, or none that a record can hold; nothing: the input is
   * rejected. Without an input its time was reached.
   */
  fail(state: State, failure: Failure, nowMs: number, input?: Input): readonly Event[];
  /** Who is told of a decision once the store holds it, and what. */
  answers(key: string, decision: Decision<Event>, before: State, after: State): readonly Answer[];
  /**
   * Hears of what this owner has just appended, to tell those who run the machine; not of facts that are folded again. No
   * input: a time was reached, or the input could not be read.
   */
  appended?(key: string | null, decision: Decision<Event>, after: State | undefined, input: Input | undefined): void;
}
