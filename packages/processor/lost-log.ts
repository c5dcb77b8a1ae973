import { type Batch, type Log, PlaceLostError, type TailOptions } from "@antiphon/log";
import type { Landmark } from "./landmarks.ts";

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
  readonly end: number;
  readonly position: number | null;
}

/** Throws `LogLostError` if the store is ahead of its log. */
export function assertWhole({ space, end, position }: Held): void {
  if (position !== null && position > end) {
    const found = `found that it ends at ${end}: its topic was made anew or cut off, or the store is another log's`;
    throw new LogLostError(`${space}: expected the log up to ${position}, where the store is, ${found}; ${GO_ON}`);
  }
}

/**
 * Throws `LogLostError` if a log has lost, below its start, what is alive and stands nowhere else: `position` is where the
 * store is, null if it holds nothing, `kept` from where on the log has all that is alive.
 */
export function assertKept(space: string, start: number, kept: number | undefined, position: number | null): void {
  if (start <= (kept ?? 0)) return;
  const needed = position === null ? "its beginning, as the store holds nothing" : `${position}, where the store is`;
  const expected = kept === undefined ? needed : `${kept}, from where on it has all that is alive`;
  throw new LogLostError(
    `${space}: expected the log from ${expected}, found that it begins at ${start}; ${BEGIN_ANEW}`,
  );
}

/** Throws `LogLostError` if what the log has there, if anything, is another fact. */
export function assertKnown(space: string, [offset, atMs]: Landmark, foundMs: number | undefined): void {
  if (foundMs === atMs) return;
  const found = foundMs === undefined ? "no fact" : `one of ${foundMs}`;
  const problem = `expected the fact of ${atMs} at ${offset}, which the store has, found ${found}: its topic was made anew`;
  throw new LogLostError(`${space}: ${problem}, or the store is another log's; ${GO_ON}`);
}

/** Throws `LogLostError` if an input that was decided is another one now, so that new ones would be taken for old. */
export function assertKnownInput(place: string, [offset, atMs]: Landmark, foundMs: number | undefined): void {
  if (foundMs === undefined || foundMs === atMs) return;
  const problem = `expected the input of ${atMs} at ${offset}, which is decided, found one of ${foundMs}: its topic was made anew`;
  throw new LogLostError(`${place}: ${problem}; ${BEGIN_ANEW}`);
}

/** Follows a partition of the machine's own; throws `LogLostError` if what was read of it is not there any more. */
export async function* followLog(
  log: Log,
  { topic, partition, from }: { readonly topic: string; readonly partition: number; readonly from: number },
  options: TailOptions,
): AsyncGenerator<Batch, void> {
  try {
    yield* log.tail(topic, partition, from, options);
  } catch (error) {
    if (!(error instanceof PlaceLostError)) throw error;
    throw new LogLostError(`${error.message}; ${BEGIN_ANEW}`, { cause: error });
  }
}

/** Throws `LogLostError` if the inputs end before the one that is next, so that new ones would be taken for old. */
export function assertInputs(place: string, next: number, end: number): void {
  if (next <= end) return;
  const found = `found that it ends at ${end}: its topic was made anew or cut off`;
  throw new LogLostError(`${place}: expected inputs up to ${next}, which are decided, ${found}; ${BEGIN_ANEW}`);
}

const GO_ON = "restore the topic from a backup, or empty the store to go on without what is lost";
const BEGIN_ANEW = "restore the topic from a backup, or delete all topics and empty the store to begin anew";
