import { setImmediate } from "node:timers/promises";
import type { Log } from "@antiphon/log";
import { type Decision, eventIn, type Stamp, topics } from "@antiphon/protocol";
import { eventKey } from "@antiphon/views";

const READ_AT_ONCE = 1_000;
const INPUT_TOPICS = [topics.commands, topics.correlation] as const;
type InputTopic = (typeof INPUT_TOPICS)[number];

/**
 * The events among the inputs of orchestrators and correlators: of those that have been handled, every one must have left
 * a trace in the facts. Inputs are kept for a week or so, and older ones cannot be looked at any more.
 */
export class InputEvents {
  /** By event: where it was found. */
  readonly events = new Map<string, Pick<Stamp, "topic" | "partition" | "offset">>();
  readonly #log: Pick<Log, "read" | "bounds">;
  readonly #partitions: number;
  readonly #handled = new Map<string, number>();
  /** Of inputs before these the facts may be deleted. */
  readonly #traced = new Map<string, number>();
  readonly #positions = new Map<string, number>();
  #waiting = 0;

  constructor(log: Pick<Log, "read" | "bounds">, partitions: number) {
    this.#log = log;
    this.#partitions = partitions;
  }

  /** How many inputs nobody had taken at the last look. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * A decision says which input it is about: all before it have been handled. `isCutOff`: earlier decisions were deleted, so that
   * what the first one says is as far back as one can look.
   */
  handled(topic: InputTopic, partition: number, decision: Decision<unknown>, isCutOff: boolean): void {
    const place = `${topic}/${partition}`;
    const next = decision.input === undefined ? decision.partition?.inputs : decision.input + 1;
    if (next === undefined) return;
    if (isCutOff && !this.#traced.has(place)) this.#traced.set(place, decision.input ?? next);
    this.#handled.set(place, Math.max(next, this.#handled.get(place) ?? 0));
  }

  /** Reads on to the newest input that has been handled. */
  async advance(): Promise<void> {
    this.#waiting = 0;
    for (const topic of INPUT_TOPICS) {
      for (let partition = 0; partition < this.#partitions; partition++) await this.#readOn(topic, partition);
    }
  }

  async #readOn(topic: InputTopic, partition: number): Promise<void> {
    const place = `${topic}/${partition}`;
    const { start, end } = await this.#log.bounds(topic, partition);
    const handled = this.#handled.get(place) ?? start;
    this.#waiting += Math.max(0, end - handled);
    let next = Math.max(start, this.#positions.get(place) ?? this.#traced.get(place) ?? start);
    while (next < handled) {
      await setImmediate();
      const batch = await this.#log.read(topic, partition, next, READ_AT_ONCE);
      for (const { offset, value } of batch.records) {
        if (offset < handled) this.#take(topic, partition, offset, value ?? "");
      }
      next = Math.min(batch.next, handled);
    }
    this.#positions.set(place, next);
  }

  /** What comes again, or goes on from where it came before, is known by what it was first. */
  #take(topic: InputTopic, partition: number, offset: number, value: string): void {
    const event = eventIn(value);
    if (event === undefined) return;
    const key = eventKey(event);
    if (!this.events.has(key)) this.events.set(key, { topic, partition, offset });
  }
}
