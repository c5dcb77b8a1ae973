import { type Definition, topicsUsed } from "@antiphon/definition";
import { type Log, TopicMismatchError } from "@antiphon/log";
import { isMachineTopic } from "@antiphon/protocol";
import type { Definitions } from "./definitions.ts";

/** How long events are kept on a topic that was made for a definition, in milliseconds. */
export const EVENT_RETENTION_MS = 7 * 24 * 3_600_000;

/** The topics that a definition consumes events from or publishes them to, sorted; the machine's own are for none. */
export function eventTopics(definition: Definition): readonly string[] {
  const topics = new Set(topicsUsed(definition).map(({ topic }) => topic));
  return [...topics].filter((topic) => !isMachineTopic(topic)).sort();
}

/**
 * Makes the topics of all definitions that do not exist; those that do are left as they are, whatever their partitions.
 * A topic that cannot be made does not keep others from it: an AggregateError tells of all such at the end.
 */
export async function ensureEventTopics(
  log: Pick<Log, "partitions" | "ensureTopics">,
  definitions: Pick<Definitions, "all">,
  partitions: number,
): Promise<void> {
  const names = new Set(definitions.all().flatMap(({ definition }) => eventTopics(definition)));
  const failures = new Map<string, unknown>();
  for (const name of names) {
    try {
      if ((await log.partitions(name)) !== undefined) continue;
      await log.ensureTopics([{ name, partitions, retention: EVENT_RETENTION_MS }]);
    } catch (error) {
      // Somebody else made it, with other partitions, since it was looked for.
      if (!(error instanceof TopicMismatchError)) failures.set(name, error);
    }
  }
  if (failures.size === 0) return;
  const failed = [...failures.keys()].join(", ");
  throw new AggregateError(failures.values(), `topics of definitions could not be made: ${failed}`);
}
