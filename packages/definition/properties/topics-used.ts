import type { Definition } from "../model.ts";
import { eventsAwaitedIn, typesProducedIn } from "../state-parts.ts";
import { type Destination, destinationOf, incomingTopics } from "./destination.ts";
import { lifecycleDestination } from "./lifecycle.ts";

/** A topic that a definition reads or writes, and the type of the events by which it does. */
export interface TopicUse {
  readonly topic: string;
  readonly type: string;
}

/** The topics that a definition consumes events from or publishes them to; those that go to a URL are on none. */
export function topicsUsed(definition: Definition): readonly TopicUse[] {
  const used: TopicUse[] = [];
  const goesTo = (type: string, { sink, topic }: Destination): void => {
    if (sink === undefined) used.push({ topic, type });
  };
  for (const state of Object.values(definition.states)) {
    for (const { type } of eventsAwaitedIn(state)) {
      for (const topic of incomingTopics(definition, type)) used.push({ topic, type });
    }
    for (const type of typesProducedIn(definition, state)) goesTo(type, destinationOf(definition, type));
  }
  for (const subject of ["processinstances", "processdefinitions"] as const) {
    const told = lifecycleDestination(definition, subject);
    if (told !== undefined) goesTo(`kogito-${subject}-events`, told);
  }
  return used;
}
