import type { Running } from "@antiphon/host";
import { type Ports, processPartition } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import { bucketDomain } from "./bucket-domain.ts";
import { type FollowTopicsPorts, followTopics } from "./follow-topics.ts";
import { relayMatches } from "./relay-matches.ts";
import { type DropLogger, tellDrops } from "./tell-drops.ts";

export type CorrelatorPorts = Ports & FollowTopicsPorts & { readonly logger: DropLogger };

/**
 * Brings result events to the instances that wait for them: takes them from users' topics, lets them meet the waits with
 * their correlation keys, and carries the matches to the instances.
 */
export async function startCorrelator(ports: CorrelatorPorts): Promise<Running> {
  const { log, logger, clock } = ports;
  const domain = { ...bucketDomain, appended: tellDrops(logger, clock) };
  await using stack = new AsyncDisposableStack();
  const loops = [
    stack.use(
      await log.join("antiphon.correlator", [topics.correlation], ({ partition, signal }) =>
        processPartition(domain, ports, partition, signal),
      ),
    ),
    stack.use(
      await log.join("antiphon.correlator.relay", [topics.correlations], (owned) => relayMatches(ports, owned)),
    ),
  ];
  stack.use(await followTopics(ports));
  const all = stack.move();
  const stopped = Promise.race(loops.map((loop) => loop.stopped));
  return { stopped, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
