import { type Bucket, emptyBucket } from "@antiphon/correlation";
import { absent, type Instance } from "@antiphon/engine";
import { partitionOf } from "@antiphon/log";
import { Fold } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import { readRow } from "@antiphon/views";

/** What instances and correlation keys are at present, as their owners have stored them. */
export interface HeldStates {
  instance(id: string): Promise<Instance>;
  bucket(key: string): Promise<Bucket>;
}

/** Reads them from the store. */
export function heldStates(store: Pick<Store, "load">, partitions: number): HeldStates {
  async function read<State>(topic: string, key: string, nothing: State): Promise<State> {
    const { values } = await store.load(`${topic}/${partitionOf(key, partitions)}`, [Fold.storeKey(key)]);
    return readRow<{ readonly state: State }>(values[0])?.state ?? nothing;
  }
  return {
    instance: (id) => read<Instance>(topics.history, id, absent),
    bucket: (key) => read<Bucket>(topics.correlations, key, emptyBucket),
  };
}
