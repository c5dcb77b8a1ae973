import type { Health, Running } from "@antiphon/host";
import type { Ports } from "@antiphon/processor";
import { type ViewedTopic, viewedTopics } from "@antiphon/views";
import type { Registry } from "prom-client";
import type { ProjectorConfig } from "./config.ts";
import { Expiry } from "./expiry.ts";
import { followPartition } from "./follow-partition.ts";
import { Readiness } from "./readiness.ts";
import { ViewMetrics } from "./view-metrics.ts";

/** What a projector is started with. */
export interface ProjectorPorts extends Pick<Ports, "log" | "store" | "clock" | "logger"> {
  readonly health: Pick<Health, "set">;
  readonly metrics?: Registry;
  /** Of every topic that views are made of. */
  readonly partitions: number;
}

/** Keeps the views of every partition that the group hands over, of history, correlations and dead letters. */
export async function startProjector(ports: ProjectorPorts, config: ProjectorConfig): Promise<Running> {
  const readiness = new Readiness(ports.health);
  const viewMetrics = new ViewMetrics(ports.metrics, ports);
  return await ports.log.join("antiphon.projector", viewedTopics, async ({ topic, partition, signal }) => {
    if (!isViewed(topic)) throw new Error(`expected one of ${viewedTopics.join(", ")}, found ${topic}`);
    using progress = readiness.begin(`${topic}/${partition}`);
    using metrics = viewMetrics.begin(topic, partition);
    const { retention } = config;
    const expiry = retention === undefined ? {} : { expiry: new Expiry(ports, topic, partition, retention) };
    await followPartition(ports, config, { topic, partition, progress, metrics, ...expiry }, signal);
  });
}

function isViewed(topic: string): topic is ViewedTopic {
  return viewedTopics.some((viewed) => viewed === topic);
}
