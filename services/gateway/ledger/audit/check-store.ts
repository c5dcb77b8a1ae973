import { type Bucket, emptyBucket } from "@antiphon/correlation";
import type { Instance } from "@antiphon/engine";
import { partitionOf } from "@antiphon/log";
import { Fold, readDueEntry } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import { readRow } from "@antiphon/views";
import type { KeptByInstance } from "./check-events.ts";
import type { Disagreement } from "./disagreement.ts";
import { inBatches, linesOf, type StoredValues } from "./in-batches.ts";
import type { LogFold } from "./log-fold.ts";
import { bucketText, instanceText, rowText } from "./state-texts.ts";

/** Whether the states that orchestrators and correlators keep in the store are those that follow from the facts. */
export async function checkStates(
  store: Pick<Store, "load" | "scan">,
  fold: LogFold,
  kept: readonly KeptByInstance[],
): Promise<readonly Disagreement[]> {
  const { partitions } = fold;
  const disagreements: Disagreement[] = [];
  const spaceOf = (topic: string, key: string): string => `${topic}/${partitionOf(key, partitions)}`;

  await inBatches(
    store,
    [...fold.buckets],
    ([key]) => [spaceOf(topics.correlations, key), Fold.storeKey(key)],
    (batch) => {
      for (const {
        item: [key, bucket],
        value,
      } of current(fold, batch)) {
        const found = bucketText(readRow<{ readonly state: Bucket }>(value)?.state ?? emptyBucket);
        const expected = bucketText(bucket);
        if (found !== expected) disagreements.push({ kind: "bucket-differs", subject: { key }, expected, found });
      }
    },
  );
  await inBatches(
    store,
    [...fold.instances],
    ([id]) => [spaceOf(topics.history, id), Fold.storeKey(id)],
    (batch) => {
      for (const {
        item: [instance, row],
        value,
      } of current(fold, batch)) {
        const found = instanceText(readRow<{ readonly state: Instance }>(value)?.state);
        const expected = rowText(row);
        if (found !== expected)
          disagreements.push({ kind: "instance-differs", subject: { instance }, expected, found });
      }
    },
  );
  await inBatches(
    store,
    kept,
    ({ instance }) => [spaceOf(topics.history, instance), Fold.storeKey(instance)],
    (batch) => {
      for (const { item, value } of current(fold, batch)) {
        const state = readRow<{ readonly state: Instance }>(value)?.state;
        const buffer = state !== undefined && "buffer" in state ? state.buffer : [];
        if (buffer.some(({ event }) => event.source === item.source && event.id === item.id)) continue;
        disagreements.push({ kind: "buffered-event-not-held", subject: { ...item } });
      }
    },
  );
  for (let partition = 0; partition < partitions; partition++) {
    disagreements.push(...(await timersOfEnded(store, fold, partition)));
  }
  return disagreements;
}

/** Those of a batch that the store holds as they were where the logs have been folded to, or as they were later. */
function current<Item>(fold: LogFold, { space, position, items }: StoredValues<Item>): StoredValues<Item>["items"] {
  return (position ?? 0) >= (fold.positions.get(space) ?? 0) ? items : [];
}

async function timersOfEnded(
  store: Pick<Store, "scan">,
  fold: LogFold,
  partition: number,
): Promise<readonly Disagreement[]> {
  const disagreements: Disagreement[] = [];
  for await (const line of linesOf(store, `${topics.history}/${partition}`, "due")) {
    const { key: instance, dueMs } = readDueEntry(line);
    const isOver = fold.ended.has(instance) || fold.instances.get(instance)?.status === "faulted";
    if (isOver) disagreements.push({ kind: "timer-of-ended-instance", subject: { instance, dueMs } });
  }
  return disagreements;
}
