import type { Fact } from "@antiphon/log";
import { type Decision, readDecision } from "@antiphon/protocol";
import type { Logger } from "./ports.ts";

/** A fact as the machine reads it. */
export interface DecidedFact<Event> {
  readonly offset: number;
  /** Null: it is about no entity. */
  readonly key: string | null;
  readonly decision: Decision<Event>;
}

/** A fact as it was read, with the length of its text (UTF-16 units). */
export interface ReadFact<Event> extends DecidedFact<Event> {
  readonly units: number;
}

/**
 * The decisions among records of a fact topic. A record that is none (nobody of ours wrote it) is logged and passed over:
 * every reader passes over the same ones, so it is as if it were not there.
 */
export function readFacts<Event>(
  records: readonly Fact[],
  place: { readonly topic: string; readonly partition: number },
  logger: Logger,
): readonly ReadFact<Event>[] {
  return records.flatMap(({ offset, key, value }) => {
    try {
      return [{ offset, key, decision: readDecision<Event>(value), units: value?.length ?? 0 }];
    } catch (error) {
      logger.error({ err: error, ...place, offset }, "a record is no decision: passed over");
      return [];
    }
  });
}
