import { quote } from "../document/node.ts";
import type { Problems } from "../document/problems.ts";
import type { Definition } from "../model.ts";
import { eventsAwaitedIn, typesProducedIn } from "../state-parts.ts";
import { channelOf, type Direction } from "./channels.ts";
import type { Written } from "./written.ts";

/** What reads or writes values that are not JSON. */
const OTHER_CODEC =
  /avro|protobuf|thrift|msgpack|javaserial|ObjectInputStream|\b(?:Integer|Long|Short|Float|Double|UUID|Void)(?:De)?[sS]erializer$/i;

/**
 * Reports the channels of a definition whose values are not JSON: nobody here could read what they bring, and nobody
 * there what they get.
 */
export function checkChannels(
  definition: Definition,
  { path, written }: { readonly path: string; readonly written: ReadonlyMap<string, Written> },
  problems: Problems,
): void {
  const told = new Set<string>();
  for (const state of Object.values(definition.states)) {
    for (const { type } of eventsAwaitedIn(state)) check(type, "incoming");
    for (const type of typesProducedIn(definition, state)) check(type, "outgoing");
  }

  function check(type: string, direction: Direction): void {
    const channel = channelOf(definition.properties, type, direction);
    if (channel === undefined) return;
    const [codec, marshaller] =
      direction === "incoming" ? ["deserializer", "unmarshaller"] : ["serializer", "marshaller"];
    const prefix = `mp.messaging.${direction}`;
    if (channel.codec !== undefined && OTHER_CODEC.test(channel.codec)) {
      const keys = [`${prefix}.${channel.name}.value.${codec}`, `${prefix}."${channel.name}".value.${codec}`];
      tell(keys, `a ${codec} of JSON or text`, channel.codec);
    }
    if (channel.marshaller !== undefined && channel.marshaller !== "json") {
      tell([`kogito.addon.messaging.${marshaller}.${channel.name}`], `the ${marshaller} "json"`, channel.marshaller);
    }
  }

  function tell(keys: readonly string[], expected: string, found: string): void {
    const place = keys.map((key) => written.get(key)).find((one) => one !== undefined);
    const key = place?.key ?? keys[0] ?? "";
    if (told.has(key)) return;
    told.add(key);
    const { file, line } = place ?? { file: path, line: 1 };
    problems.report({ file, line, column: 1, pointer: "" }, `${expected} as ${quote(key)}`, quote(found));
  }
}
