import type { Message } from "@antiphon/log";
import { type DeadLetter, formatJson, type Json, topics } from "@antiphon/protocol";
import { deriveId } from "./ids.ts";

/**
 * The record that puts something aside. Its id, which is its key as well, follows from the event's source and id where
 * there is one: all copies of an event, from wherever they come, are one letter in one partition.
 */
export function deadLetterMessage(letter: Omit<DeadLetter, "id">): Message & { readonly key: string } {
  const id = deadLetterId(letter);
  return { topic: topics.deadLetters, key: id, value: formatJson({ id, ...letter } as unknown as Json) };
}

/** The id of a letter. What could not get out is another letter than the same event on its way in. */
export function deadLetterId({ direction, event, from }: Pick<DeadLetter, "direction" | "event" | "from">): string {
  if (event !== undefined) return deriveId(JSON.stringify(["dead letter", direction ?? "in", event.source, event.id]));
  return deriveId(`${from.topic}/${from.partition}/${from.offset}/${from.index}`);
}
