import {
  type Definition,
  destinationOf,
  eventsAwaitedIn,
  incomingTopics,
  typesProducedIn,
  workflowIdInUri,
} from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";

/** An event type on a topic, and what it is to a workflow. */
interface EventMeta {
  readonly type: string;
  readonly source: string;
  readonly kind: "CONSUMED" | "PRODUCED";
}

/**
 * The topics that workflows read and those that they write, by name, with the event types on each: what SonataFlow tells of
 * its channels. Events that go to a sink over HTTP are on no topic.
 */
export function listTopics(definitions: readonly Definition[]): readonly JsonObject[] {
  const topics = new Map<string, { name: string; type: "INCOMING" | "OUTGOING"; metas: Map<string, EventMeta> }>();
  for (const definition of definitions) {
    for (const [name, meta] of metasOf(definition)) {
      const type = meta.kind === "CONSUMED" ? "INCOMING" : "OUTGOING";
      const key = JSON.stringify([name, type]);
      const topic = topics.get(key) ?? { name, type, metas: new Map() };
      topic.metas.set(JSON.stringify(meta), meta);
      topics.set(key, topic);
    }
  }
  return [...topics]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { name, type, metas }]) => ({
      name,
      type,
      eventsMeta: [...metas].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, meta]) => ({ ...meta })),
    }));
}

function metasOf(definition: Definition): readonly (readonly [topic: string, EventMeta])[] {
  return Object.values(definition.states).flatMap((state) => {
    const consumed = eventsAwaitedIn(state).flatMap(({ type, source = "" }) =>
      incomingTopics(definition, type).map((topic) => [topic, { type, source, kind: "CONSUMED" }] as const),
    );
    const produced = typesProducedIn(definition, state).flatMap((type) => {
      const { sink, topic } = destinationOf(definition, type);
      const meta = { type, source: `/process/${workflowIdInUri(definition.id)}`, kind: "PRODUCED" } as const;
      return sink === undefined ? [[topic, meta] as const] : [];
    });
    return [...consumed, ...produced];
  });
}
