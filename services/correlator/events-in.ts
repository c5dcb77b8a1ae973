import type { Intake } from "@antiphon/correlation";
import type { Fact, Owned } from "@antiphon/log";
import { type CloudEvent, contentTypeIn, dataIn, hasEventHeaders, readCloudEvent } from "@antiphon/protocol";
import { contentOf, readRecord } from "./read-record.ts";

/**
 * What a record of a user's topic brings: a CloudEvent; none, if it is a tombstone; or, where a topic is configured to
 * carry data alone (`kogito.messaging.as-cloudevents=false`), one event of each type that is taken from there. A record
 * with attributes in its headers is a CloudEvent in any case. Throws an Error that says what was expected and found.
 */
export function eventsIn(
  record: Fact,
  place: Pick<Owned, "topic" | "partition">,
  intake: Intake | undefined,
): readonly CloudEvent[] {
  const bareTypes = intake?.bareTypes ?? [];
  if (bareTypes.length === 0 || hasEventHeaders(record.headers ?? {})) return listOf(readRecord(record));
  if (intake?.cloudEvents !== true) return bareEvents(record, place, bareTypes);
  try {
    return listOf(readRecord(record));
  } catch {
    return bareEvents(record, place, bareTypes);
  }
}

function listOf(event: CloudEvent | undefined): readonly CloudEvent[] {
  return event === undefined ? [] : [event];
}

/**
 * Events made of data. A record that is read again makes the same ones; one of a topic that was made anew, and whose
 * offsets began again, is told from it by its time.
 */
function bareEvents(
  { value, headers = {}, malformed, offset, timestampMs }: Fact,
  { topic, partition }: Pick<Owned, "topic" | "partition">,
  types: readonly string[],
): readonly CloudEvent[] {
  if (malformed) throw new Error("expected data in UTF-8, found other bytes");
  if (value === null) return [];
  const contentType = contentTypeIn(headers);
  const data = dataIn(contentOf(value), contentType);
  return types.map((type) =>
    readCloudEvent({
      specversion: "1.0",
      id: `${partition}/${offset}/${timestampMs}/${type}`,
      source: topic,
      type,
      time: new Date(timestampMs).toISOString(),
      ...(contentType !== undefined && { datacontenttype: contentType }),
      ...data,
    }),
  );
}
