import { type Bucket, heldIn } from "@antiphon/correlation";
import { type Instance, openWaits } from "@antiphon/engine";
import { type InstanceRow, waitsOf } from "@antiphon/views";

/** What is compared of a key, as text. */
export function bucketText(bucket: Bucket): string {
  const waits = bucket.waits.map(({ instance, wait }) => `${instance}/${wait}`);
  const held = heldIn(bucket).map(({ source, id }) => JSON.stringify([source, id]));
  return `waits ${waits.join(", ") || "none"}; held ${held.join(", ") || "none"}`;
}

/** What is compared of an instance, by its row. */
export function rowText(row: InstanceRow): string {
  return stateText(
    row.status,
    waitsOf(row).map(({ wait }) => wait),
  );
}

/** The same by its state. */
export function instanceText(state: Instance | undefined): string {
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
