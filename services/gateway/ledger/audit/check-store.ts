import { type Bucket, emptyBucket, heldIn } from "@antiphon/correlation";
import { type Instance, openWaits } from "@antiphon/engine";
import { partitionOf } from "@antiphon/log";
import { Fold, readDueEntry } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import { type InstanceRow, readRow, waitsOf } from "@antiphon/views";
import type { KeptByInstance } from "./check-events.ts";
import type { Disagreement } from "./disagreement.ts";
import { inBatches, type StoredValues } from "./in-batches.ts";
import type { LogFold } from "./log-fold.ts";

const LINES_AT_ONCE = 1_000;

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
    disagreements.push(...(await timersOfEnded(store, fold, `${topics.history}/${partition}`)));
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
  space: string,
): Promise<readonly Disagreement[]> {
  const disagreements: Disagreement[] = [];
  let after: string | undefined;
  for (;;) {
    const lines = await store.scan(space, "due", { limit: LINES_AT_ONCE, ...(after !== undefined && { after }) });
    for (const line of lines) {
      const { key: instance, dueMs } = readDueEntry(line);
      const isOver = fold.ended.has(instance) || fold.instances.get(instance)?.status === "faulted";
      if (isOver) disagreements.push({ kind: "timer-of-ended-instance", subject: { instance, dueMs } });
    }
    after = lines.at(-1);
    if (lines.length < LINES_AT_ONCE) return disagreements;
  }
}

function bucketText(bucket: Bucket): string {
  const waits = bucket.waits.map(({ instance, wait }) => `${instance}/${wait}`);
  const held = heldIn(bucket).map(({ source, id }) => JSON.stringify([source, id]));
  return `waits ${waits.join(", ") || "none"}; held ${held.join(", ") || "none"}`;
}

function rowText(row: InstanceRow): string {
  return stateText(
    row.status,
    waitsOf(row).map(({ wait }) => wait),
  );
}

function instanceText(state: Instance | undefined): string {
  return state === undefined
    ? "nothing"
    : stateText(
        state.status,
        openWaits(state).map(({ wait }) => wait),
      );
}

function stateText(status: string, waits: readonly string[]): string {
  return `${status}, waits ${[...waits].sort().join(", ") || "none"}`;
}
