import type { Store } from "../port.ts";

/** Something that happens to a store between two calls, named as in "the server was killed". */
export interface Disturbance {
  readonly name: string;
  /** Everything is forgotten afterwards; otherwise nothing that a caller could see has changed. */
  readonly losesEverything: boolean;
  happen(): Promise<void>;
}

/** An adapter on the bench: an empty store, and what can be done to it. */
export interface Harness extends AsyncDisposable {
  /** Asked for before every call, because a disturbance may have put another in its place. */
  readonly store: Store;
  /** A second client of the same data; absent where an adapter admits one process alone. */
  readonly another?: Store;
  readonly disturbances: readonly Disturbance[];
  /** The answer to the next call, a commit, will not arrive; whether the commit reaches the store is the fate given. */
  loseNextAnswer(fate: CommitFate): void;
}

export type CommitFate = "landed" | "not landed";

export type OpenHarness = () => Promise<Harness>;
