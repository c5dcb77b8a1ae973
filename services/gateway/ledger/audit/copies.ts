import { type Bucket, emptyBucket } from "@antiphon/correlation";
import type { Instance } from "@antiphon/engine";
import { type Decision, refOf } from "@antiphon/protocol";
import type { InstanceRow } from "@antiphon/views";
import type { Disagreement } from "./disagreement.ts";
import { bucketText, instanceText, rowText } from "./state-texts.ts";

/** What copies of keys and instances say, beside the facts before them where the log has all of those. */
export class Copies {
  readonly disagreements: Disagreement[] = [];
  /** Keys and instances of which there is a record, and whether that is all there ever was of them. */
  readonly #isWhole = new Map<string, boolean>();

  /** Whether there is a record about something. */
  has(key: string): boolean {
    return this.#isWhole.has(key);
  }

  /** A record about something, in a log that is cut off or not. */
  meet(key: string, { previous }: Decision<unknown>, isCutOff: boolean): void {
    if (!this.#isWhole.has(key)) this.#isWhole.set(key, !isCutOff || previous === undefined);
  }

  /** What a key is after a copy of it: what its facts say, or the copy if they are not all there. */
  bucket(key: string, copy: Bucket, before: Bucket = emptyBucket): Bucket {
    const [expected, found] = [bucketText(before), bucketText(copy)];
    if (!this.#isWhole.get(key)) {
      this.#isWhole.set(key, true);
      return {
        ...copy,
        events: copy.events.map((known) => (known.held ? { ...known, held: small(known.held) } : known)),
      };
    }
    if (expected !== found) this.disagreements.push({ kind: "copy-differs", subject: { key }, expected, found });
    return before;
  }

  /** The same for an instance. One of which there is no row is absent, or has ended. */
  instance(instance: string, copy: Instance, before: InstanceRow | undefined): void {
    const isWhole = this.#isWhole.get(instance);
    this.#isWhole.set(instance, true);
    if (!isWhole || (before === undefined && (copy.status === "absent" || copy.status === "scheduled"))) return;
    const [expected, found] = [before === undefined ? "nothing" : rowText(before), instanceText(copy)];
    if (expected !== found) this.disagreements.push({ kind: "copy-differs", subject: { instance }, expected, found });
  }
}

/** What an event that is held says is of no matter here, and may be long. */
function small(held: NonNullable<Bucket["events"][number]["held"]>): typeof held {
  return { ...held, event: { specversion: "1.0", ...refOf(held.event) } };
}
