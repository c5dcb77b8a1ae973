import { type Definition, topicsUsed } from "@antiphon/definition";
import { errorOf, type Log, TopicMismatchError } from "@antiphon/log";
import { isMachineTopic } from "@antiphon/protocol";

/** How long events are kept on a topic that was made for a definition, in milliseconds. */
export const EVENT_RETENTION_MS = 7 * 24 * 3_600_000;

/** The topics that a definition consumes events from or publishes them to, sorted; the machine's own are for none. */
export function eventTopics(definition: Definition): readonly string[] {
  const topics = new Set(topicsUsed(definition).map(({ topic }) => topic));
  return [...topics].filter((topic) => !isMachineTopic(topic)).sort();
}

/**
 * Makes the topics of definitions that do not exist; those that do are left as they are, whatever their partitions. Says,
 * by topic, why one cannot be made or even be asked for: that keeps no other from being made.
 */
export async function makeEventTopics(
  log: Pick<Log, "partitions" | "ensureTopics">,
  definitions: readonly Definition[],
  partitions: number,
): Promise<ReadonlyMap<string, Error>> {
  const failures = new Map<string, Error>();
  for (const name of new Set(definitions.flatMap(eventTopics))) {
    try {
      if ((await log.partitions(name)) !== undefined) continue;
      await log.ensureTopics([{ name, partitions, retention: EVENT_RETENTION_MS }]);
    } catch (error) {
      // Somebody else made it, with other partitions, since it was looked for.
      if (!(error instanceof TopicMismatchError)) failures.set(name, errorOf(error));
    }
  }
  return failures;
}

/** The same; an AggregateError names all topics that could not be made. */
export async function ensureEventTopics(
  log: Pick<Log, "partitions" | "ensureTopics">,
  definitions: readonly Definition[],
  partitions: number,
): Promise<void> {
  const failures = await makeEventTopics(log, definitions, partitions);
  if (failures.size === 0) return;
  const failed = [...failures].map(([name, { message }]) => `${name} (${message})`).join(", ");
  throw new AggregateError(failures.values(), `topics of definitions could not be made: ${failed}`);
}
