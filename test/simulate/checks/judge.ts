import type { Instance } from "@antiphon/engine";
import { topics } from "@antiphon/protocol";
import type { Ended } from "../run.ts";
import { DOMAINS } from "./domains.ts";
import { eventProblems } from "./events.ts";
import { outcomeProblems } from "./outcomes.ts";
import { factsIn, logsOf } from "./partition-facts.ts";
import { relayProblems } from "./relays.ts";
import { replay } from "./replay.ts";
import { foldProblems, viewProblems } from "./stored.ts";
import { waitProblems } from "./waits.ts";

/** Events that workflows send to workflows. */
const isInternal = (type: string): boolean => type.startsWith("link.");

/** Everything that is wrong with how a run has ended. */
export async function judge({ broker, redis, outside }: Ended): Promise<readonly string[]> {
  const store = redis.held;
  const { instances: instanceDomain, buckets: bucketDomain } = DOMAINS;
  const logs = logsOf(broker);
  const problems: string[] = [];
  const instances = new Map<string, Instance>();
  for (const { partition, facts } of logs.history) {
    const replayed = replay(instanceDomain, factsIn(broker, topics.commands, partition), facts);
    problems.push(...replayed.problems);
    problems.push(...(await foldProblems(store, instanceDomain, partition, replayed, facts.at(-1)?.offset ?? -1)));
    for (const [id, { state }] of replayed.entities) instances.set(id, state);
    problems.push(...unread(broker.end(topics.commands, partition), replayed.inputs, `${topics.commands}/${partition}`));
  }
  for (const { partition, facts } of logs.correlations) {
    const replayed = replay(bucketDomain, factsIn(broker, topics.correlation, partition), facts);
    problems.push(...replayed.problems);
    problems.push(...(await foldProblems(store, bucketDomain, partition, replayed, facts.at(-1)?.offset ?? -1)));
    for (const [key, { state }] of replayed.entities) {
      if (state !== bucketDomain.absent) problems.push(`something is left at key ${key}: ${JSON.stringify(state)}`);
    }
    problems.push(...unread(broker.end(topics.correlation, partition), replayed.inputs, `${topics.correlation}/${partition}`));
  }
  problems.push(...waitProblems(logs));
  problems.push(...relayProblems(broker, logs));
  problems.push(...(await viewProblems(store, broker)));
  problems.push(...(await eventProblems(broker, store, logs, outside.tally, isInternal)));
  problems.push(...outcomeProblems(instances, outside.tally.started, logs, outside.tally));
  return problems;
}

function unread(end: number, next: number, what: string): readonly string[] {
  return next === end ? [] : [`${what} was read up to ${next}, expected ${end}`];
}
