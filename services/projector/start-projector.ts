import type { Health, Running } from "@antiphon/host";
import type { Ports } from "@antiphon/processor";
import { type ViewedTopic, viewedTopics } from "@antiphon/views";
import type { ProjectorConfig } from "./config.ts";
import { followPartition } from "./follow-partition.ts";
import { Readiness } from "./readiness.ts";

/** What a projector is started with. */
export interface ProjectorPorts extends Pick<Ports, "log" | "store" | "clock" | "logger"> {
  readonly health: Pick<Health, "set">;
}

/** Keeps the views of every partition that the group hands over, of history, correlations and dead letters. */
export async function startProjector(ports: ProjectorPorts, config: ProjectorConfig): Promise<Running> {
  const readiness = new Readiness(ports.health);
  return await ports.log.join("antiphon.projector", viewedTopics, async ({ topic, partition, signal }) => {
    if (!isViewed(topic)) throw new Error(`expected one of ${viewedTopics.join(", ")}, found ${topic}`);
    using progress = readiness.begin(`${topic}/${partition}`);
    await followPartition(ports, config, { topic, partition, progress }, signal);
  });
}

function isViewed(topic: string): topic is ViewedTopic {
  return viewedTopics.some((viewed) => viewed === topic);
}
