import { StoreUnavailableError } from "../errors.ts";
import type { Commit, Store } from "../port.ts";
import type { CommitFate } from "./harness.ts";

/** A store whose commits can be made to lose their answer, as over a network: each such commit throws `StoreUnavailableError`. */
export interface LossyStore extends Store {
  /** Meant for the next commit alone. */
  loseNextAnswer(fate: CommitFate): void;
}

/** Puts a network that loses answers before a store that has none. `inner` is asked for at every call. */
export function lossyStore(inner: () => Store): LossyStore {
  let fate: CommitFate | undefined;
  return {
    load: (space, keys) => inner().load(space, keys),
    scan: (space, index, range) => inner().scan(space, index, range),
    wipe: (space) => inner().wipe(space),
    [Symbol.asyncDispose]: () => inner()[Symbol.asyncDispose](),
    loseNextAnswer(next) {
      fate = next;
    },
    async commit(space, commit: Commit) {
      const lost = fate;
      fate = undefined;
      if (lost === undefined) return inner().commit(space, commit);
      if (lost === "landed") await inner().commit(space, commit);
      throw new StoreUnavailableError(`the answer to a commit to ${space} was lost on purpose (${lost})`);
    },
  };
}
