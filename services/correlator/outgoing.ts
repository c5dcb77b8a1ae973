import { deadLetterMessage } from "@antiphon/host";
import type { Message } from "@antiphon/log";
import type { Logger } from "@antiphon/processor";
import { type DeadLetter, eventIn, type Stamp } from "@antiphon/protocol";

/** A message, and where it comes from. */
export interface Outgoing extends Message {
  readonly from: Stamp;
  /** What it puts aside, if it is a dead letter. */
  readonly letter?: Letter;
}

export type Letter = Omit<DeadLetter, "id">;

/** The message that puts something aside. */
export function deadLetter(letter: Letter): Outgoing {
  return { ...deadLetterMessage(letter), from: letter.from, letter };
}

/** What is put aside of a message that its topic does not take. */
export function undeliverable({ topic, key, value, from }: Outgoing, reason: string, atMs: number): Outgoing {
  const event = eventIn(value ?? "");
  const content = event ? { event } : { ...(value !== null && { value }), to: { topic, key } };
  const why = `topic "${topic}" does not take it: ${reason}`;
  return deadLetter({ atMs, reason: why, disposition: "rejected", ...content, from });
}

/** Says of each dead letter what it is and why, so that it is seen without anybody looking for it. */
export function tellLetters(logger: Logger, messages: readonly Outgoing[]): void {
  for (const { key: id, letter } of messages) {
    if (letter === undefined) continue;
    const { reason, disposition, event, from } = letter;
    const { topic, partition, offset } = from;
    const about = event && { source: event.source, event: event.id, type: event.type };
    logger.warn(
      { topic, partition, offset, deadLetter: id, ...about, disposition, reason },
      "put aside: a dead letter",
    );
  }
}
