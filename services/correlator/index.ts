import type { Running } from "@antiphon/host";
import { type Ports, processPartition } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import { slowestReader } from "@antiphon/views";
import { bucketDomain } from "./bucket-domain.ts";
import type { CorrelatorConfig } from "./config.ts";
import { type FollowTopicsPorts, followTopics } from "./follow-topics.ts";
import { relayMatches } from "./relay-matches.ts";
import { type DropLogger, tellDrops } from "./tell-drops.ts";

const RELAY_GROUP = "antiphon.correlator.relay";

export type CorrelatorPorts = Ports & FollowTopicsPorts & { readonly logger: DropLogger };

/**
 * Brings result events to the instances that wait for them: takes them from users' topics, lets them meet the waits with
 * their correlation keys, and carries the matches to the instances.
 */
export async function startCorrelator(ports: CorrelatorPorts, config: CorrelatorConfig): Promise<Running> {
  const { log, logger, clock } = ports;
  const domain = { ...bucketDomain, appended: tellDrops(logger, clock) };
  const keeping = {
    logMs: config.logRetention,
    endedMs: config.retention,
    slowestReader: (partition: number) => slowestReader(ports, RELAY_GROUP, topics.correlations, partition),
  };
  await using stack = new AsyncDisposableStack();
  const loops = [
    stack.use(
      await log.join("antiphon.correlator", [topics.correlation], ({ partition, signal }) =>
        processPartition(domain, ports, partition, signal, keeping),
      ),
    ),
    stack.use(await log.join(RELAY_GROUP, [topics.correlations], (owned) => relayMatches(ports, owned))),
  ];
  stack.use(await followTopics(ports));
  const all = stack.move();
  const stopped = Promise.race(loops.map((loop) => loop.stopped));
  return { stopped, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
