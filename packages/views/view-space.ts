import { topics } from "@antiphon/protocol";
import type { Space } from "@antiphon/store";

/** The topics that views are made of. Views of one partition follow from its records alone, and have a space of their own. */
export const viewedTopics = [topics.history, topics.correlations, topics.deadLetters] as const;

export type ViewedTopic = (typeof viewedTopics)[number];

/** Where the views of one partition are kept, `antiphon.views/history/3`; the space's position is an offset of the topic. */
export function viewSpace(topic: ViewedTopic, partition: number): Space {
  return `antiphon.views/${topic.slice("antiphon.".length)}/${partition}`;
}

/** The spaces of a topic's views, by partition. */
export function spacesOf(topic: ViewedTopic, partitions: number): readonly Space[] {
  return Array.from({ length: partitions }, (_, partition) => viewSpace(topic, partition));
}
