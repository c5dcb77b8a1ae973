import type { Domain } from "@antiphon/processor";
import type { Store } from "@antiphon/store";
import type { Broker } from "../broker.ts";
import type { Ended } from "../run.ts";
import { auditProblems } from "./audited.ts";
import { callbackProblems } from "./callbacks.ts";
import { DOMAINS } from "./domains.ts";
import { eventProblems, receivedIn } from "./events.ts";
import { outcomeProblems } from "./outcomes.ts";
import { factsIn, logsOf, type PartitionFacts } from "./partition-facts.ts";
import { relayProblems } from "./relays.ts";
import { type Replayed, replay } from "./replay.ts";
import { foldProblems, viewProblems } from "./stored.ts";
import { waitProblems } from "./waits.ts";

/** Everything that is wrong with how a run has ended: what follows from the logs first, then what the store holds. */
export async function judge({ broker, redis, outside }: Ended): Promise<readonly string[]> {
  const store = redis.held;
  const { tally } = outside;
  const logs = logsOf(broker);
  const received = receivedIn(broker, tally);
  const instances = await judgeFold(broker, store, DOMAINS.instances, logs.history);
  const buckets = await judgeFold(broker, store, DOMAINS.buckets, logs.correlations);
  const states = new Map(
    instances.replayed.flatMap(({ entities }) => [...entities].map(([id, { state }]) => [id, state])),
  );
  return [
    ...instances.problems,
    ...buckets.problems,
    ...buckets.replayed.flatMap(leftAtKeys),
    ...waitProblems(logs),
    ...callbackProblems(states, logs),
    ...relayProblems(broker, logs),
    ...(await eventProblems(broker, store, logs, received)),
    ...outcomeProblems(states, tally.started, logs, tally),
    ...instances.remembered,
    ...buckets.remembered,
    ...(await viewProblems(store, broker)),
    ...(await auditProblems(broker, store, received.size)),
  ];
}

interface Judged<State> {
  readonly replayed: readonly Replayed<State>[];
  readonly problems: readonly string[];
  /** What is wrong with what the store holds. */
  readonly remembered: readonly string[];
}

async function judgeFold<State, Input, Event>(
  broker: Broker,
  store: Store,
  domain: Domain<State, Input, Event>,
  partitions: readonly PartitionFacts<Event>[],
): Promise<Judged<State>> {
  const replayed: Replayed<State>[] = [];
  const problems: string[] = [];
  const remembered: string[] = [];
  for (const { partition, facts } of partitions) {
    const one = replay(domain, factsIn(broker, domain.inputTopic, partition), facts);
    const end = broker.end(domain.inputTopic, partition);
    replayed.push(one);
    problems.push(...one.problems);
    if (one.inputs !== end)
      problems.push(`${domain.inputTopic}/${partition} was read up to ${one.inputs}, expected ${end}`);
    remembered.push(...(await foldProblems(store, domain, partition, one, facts.at(-1)?.offset ?? -1)));
  }
  return { replayed, problems, remembered };
}

function leftAtKeys({ entities }: Replayed<typeof DOMAINS.buckets.absent>): readonly string[] {
  return [...entities].flatMap(([key, { state }]) =>
    state === DOMAINS.buckets.absent ? [] : [`something is left at key ${key}: ${JSON.stringify(state)}`],
  );
}
