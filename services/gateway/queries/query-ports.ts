import type { Log } from "@antiphon/log";
import type { Store } from "@antiphon/store";
import { type ViewedTopic, viewSpace } from "@antiphon/views";

/** What queries read from. */
export interface QueryPorts {
  readonly log: Pick<Log, "read" | "bounds">;
  readonly store: Pick<Store, "load" | "scan">;
  /** Of every topic that is keyed by an instance or a correlation key. */
  readonly partitions: number;
}

/** The spaces of a topic's views, by partition. */
export function spacesOf(topic: ViewedTopic, partitions: number): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) => viewSpace(topic, partition));
}
