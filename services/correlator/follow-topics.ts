import { type Subscriptions, subscribe } from "@antiphon/correlation";
import { type Definitions, ensureEventTopics } from "@antiphon/host/definitions";
import type { Log, Membership } from "@antiphon/log";
import type { Ports } from "@antiphon/processor";
import { takeEvents } from "./ingress.ts";

export interface FollowTopicsPorts extends Pick<Ports, "log" | "clock" | "logger"> {
  readonly log: Log;
  readonly definitions: Definitions;
  readonly partitions: number;
}

/** Takes events from the topics that the deployed definitions name, and joins anew whenever these change. */
export async function followTopics(
  ports: FollowTopicsPorts,
): Promise<AsyncDisposable & { readonly stopped: Promise<never> }> {
  const { log, definitions, partitions, logger } = ports;
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  let subscriptions: Subscriptions = subscribe([]);
  let membership: Membership | undefined;
  let over = false;

  async function rejoin(): Promise<void> {
    if (over) return;
    const before = subscriptions.topics;
    subscriptions = subscribe(definitions.all());
    const { topics } = subscriptions;
    if (topics.join() === before.join()) return;
    await membership?.[Symbol.asyncDispose]();
    membership = undefined;
    await ensureEventTopics(log, definitions, partitions);
    membership = await log.join("antiphon.ingress", topics, (owned) => takeEvents(ports, owned, () => subscriptions));
    membership.stopped.catch(stopped.reject);
    logger.info({ topics }, "taking events from topics");
  }

  let turn = rejoin();
  const unfollow = definitions.onChange(() => {
    turn = turn.then(rejoin);
    turn.catch(stopped.reject);
  });
  await turn;
  return {
    stopped: stopped.promise,
    async [Symbol.asyncDispose]() {
      over = true;
      unfollow();
      await turn.catch(() => {});
      await membership?.[Symbol.asyncDispose]();
    },
  };
}
