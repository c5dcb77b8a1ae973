import type { Log } from "@antiphon/log";
import {
  type Decision,
  formatJson,
  type InstanceEvent,
  type Json,
  type PastDecision,
  readDecision,
} from "@antiphon/protocol";
import { RecordsBack } from "./records-back.ts";

/** A decision about one instance, as it stands in history. */
export interface FoundDecision {
  readonly offset: number;
  readonly decision: Decision<InstanceEvent>;
  /** Of its record's value. */
  readonly chars: number;
  /** The offset of the copy of the instance that was passed last on the way here; absent: none. */
  readonly copy?: number;
}

/** Where a walk back begins: at a decision, and with the copy that was passed on the way there. */
export type HistoryPlace = Pick<FoundDecision, "offset" | "copy">;

/** How many decisions are walked back to find a copy of an instance, where a walk began below it. */
export const COPY_SEARCH_MAX = 2_000;

/** An instance's decisions in the log, from the newest back to the first. Whoever reads sets the limit. */
export class Decisions {
  readonly #instance: string;
  readonly #newest: number;
  readonly #records: RecordsBack;
  #isCut = false;

  /** `wanted`: how many decisions a walk is for, so that they are read together. */
  constructor(
    log: Pick<Log, "read">,
    partition: number,
    { instance, newest, wanted }: { readonly instance: string; readonly newest: number; readonly wanted: number },
  ) {
    this.#instance = instance;
    this.#newest = newest;
    this.#records = new RecordsBack(log, partition, wanted);
  }

  /** Whether a walk ended though there had been older decisions: they are in the log no more, and in no copy. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Whether there is a decision about another instance at an offset. */
  async isOfAnother(offset: number): Promise<boolean> {
    const record = await this.#records.at(offset);
    return record !== undefined && record.key !== this.#instance;
  }

  /**
   * From a decision back to the first, as each names the one before it. One that copies the instance forward is among them;
   * where the log has been cut off, the past that the copy brought along takes its place.
   */
  async *back(from: HistoryPlace): AsyncGenerator<FoundDecision, void> {
    let copy = from.copy;
    let offset: number | undefined = from.offset;
    while (offset !== undefined) {
      const found = await this.#decisionAt(offset);
      if (found === undefined) {
        yield* this.#fromCopy(offset, copy);
        return;
      }
      yield { ...found, ...(copy !== undefined && { copy }) };
      if (found.decision.checkpoint !== undefined) copy = offset;
      offset = found.decision.previous;
    }
  }

  async *#fromCopy(newest: number, known: number | undefined): AsyncGenerator<FoundDecision, void> {
    const found = (await this.#copyAt(known)) ?? (await this.#findCopy(newest));
    const past = found?.decision.checkpoint?.history ?? [];
    const older = past.filter(({ offset }) => offset <= newest).toReversed();
    for (const { offset, atMs, events } of older) {
      const chars = formatJson(events as unknown as Json).length;
      yield { offset, decision: { atMs, events }, chars, ...(found && { copy: found.offset }) };
    }
    this.#isCut = !past.some(isFirst);
  }

  /** The newest copy that was made after a decision which is gone. */
  async #findCopy(after: number): Promise<FoundDecision | undefined> {
    let offset: number | undefined = this.#newest;
    this.#records.want(COPY_SEARCH_MAX);
    for (let looked = 0; offset !== undefined && offset > after && looked < COPY_SEARCH_MAX; looked++) {
      const found: FoundDecision | undefined = await this.#decisionAt(offset);
      if (found?.decision.checkpoint !== undefined) return found;
      offset = found?.decision.previous;
    }
    return undefined;
  }

  async #copyAt(offset: number | undefined): Promise<FoundDecision | undefined> {
    const found = offset === undefined ? undefined : await this.#decisionAt(offset);
    return found?.decision.checkpoint === undefined ? undefined : found;
  }

  /** Undefined if the log has been cut off above it, or has no decision about the instance at that offset. */
  async #decisionAt(offset: number): Promise<FoundDecision | undefined> {
    const record = await this.#records.at(offset);
    if (record === undefined || record.value === null || record.key !== this.#instance) return undefined;
    const decision = readDecision<InstanceEvent>(record.value);
    this.#records.decided(offset, decision.previous);
    return { offset, decision, chars: record.value.length };
  }
}

/** Nothing of an instance but events that came too early is older than its start. */
function isFirst({ events }: PastDecision<InstanceEvent>): boolean {
  return events.some(({ type }) => type === "InstanceStarted");
}
