/**
 * A log no longer holds what its partition is the fold of: it was made anew, cut off at its end, or its beginning is gone.
 * To go on from what is left would be to forget instances without a word.
 */
export class LogLostError extends Error {
  override readonly name = "LogLostError";
}

/** Where the log of a partition is, and what the store has of it; null: nothing. */
export interface Held {
  readonly space: string;
  readonly start: number;
  readonly end: number;
  readonly position: number | null;
}

/** Throws `LogLostError` if log and store together do not hold everything from the log's beginning on. */
export function assertWhole({ space, start, end, position }: Held): void {
  if (position !== null && position > end) {
    const found = `found that it ends at ${end}: its topic was made anew or cut off, or the store is another log's`;
    throw new LogLostError(`${space}: expected the log up to ${position}, where the store is, ${found}; ${REMEDY}`);
  }
  if ((position ?? 0) < start) {
    const needed = position === null ? "its beginning, as the store holds nothing" : `${position}, where the store is`;
    throw new LogLostError(`${space}: expected the log from ${needed}, found that it begins at ${start}; ${REMEDY}`);
  }
}

const REMEDY = "restore the topic from a backup, or empty the store to go on without what is lost";
