import { chunkOf } from "@antiphon/log-kafka/facts";
import { type CloudEvent, type Json, parseJson, readCloudEvent } from "@antiphon/protocol";
import type { Broker } from "./broker.ts";
import type { Outside } from "./outside.ts";
import { QUESTION_TOPICS } from "./workflows/index.ts";
import type { World } from "./world.ts";

/** A request as a service gets it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** The same for every attempt. */
  readonly key: string;
  readonly body: { readonly [member: string]: Json };
}

/** What it answers, and how long that takes; undefined: it never does. */
export type Answered = { readonly status: number; readonly body?: Json; readonly afterMs: number } | undefined;

/** How long an answer takes at most that was worked out before, in milliseconds. */
const AT_HAND_MS = 3_000;

/** How often a service refuses one thing for no reason. */
const BROKEN_MAX = 3;

interface Question {
  readonly type: string;
  readonly to: "instance" | "key" | "url";
  readonly instance?: string;
  readonly order?: string;
  readonly url?: string;
  readonly always?: boolean;
}

/**
 * The services that workflows ask. What they do to whom follows from the seed: they answer before they have said that they
 * will, at once, late, twice, once more with other words, or never; requests of one idempotency key are one to them.
 */
export class Services {
  readonly #world: World;
  readonly #broker: Broker;
  readonly #outside: Outside;
  readonly #known = new Map<string, Answered>();
  /** How often each was refused what breaks. */
  readonly #broken = new Map<string, number>();
  #events = 0;

  constructor(world: World, broker: Broker, outside: Outside) {
    this.#world = world;
    this.#broker = broker;
    this.#outside = outside;
    for (const topic of QUESTION_TOPICS) {
      for (let partition = 0; partition < (broker.partitions(topic) ?? 0); partition++)
        void this.#listen(topic, partition);
    }
  }

  /** Somebody has begun to ask, and may not get through. */
  attempted(key: string): void {
    this.#outside.tally.attempted(key);
  }

  /** A request has come in. */
  handle(asked: Asked): Answered {
    const { key, method, path } = asked;
    const known = this.#known.get(key);
    const answer = known ? { ...known, afterMs: Math.min(known.afterMs, AT_HAND_MS) } : this.#decide(asked);
    // Whoever is out of order now may not be so at the next attempt.
    if (answer !== undefined && answer.status < 500) this.#known.set(key, answer);
    this.#world.tell(() => `${method} ${path} of ${key}: ${answer === undefined ? "no answer" : answer.status}`);
    if (answer !== undefined) this.#outside.tally.answered(key, answer.status, answer.body);
    return answer;
  }

  #decide({ method, path, body, key }: Asked): Answered {
    const { schedule } = this.#world;
    if (this.#world.strikes(0.1, "services out of order")) {
      return schedule.chance(0.3) ? undefined : { status: 503, afterMs: schedule.below(2_000) };
    }
    const afterMs = schedule.below(schedule.chance(0.1) ? 70_000 : 3_000);
    if (path === "/double") return { status: 200, body: { result: 2 * Number(body["number"]) }, afterMs };
    if (path === "/break") {
      const isBroken = (this.#broken.get(key) ?? 0) < BROKEN_MAX && schedule.chance(0.6);
      if (!isBroken) return { status: 200, body: { mended: true }, afterMs };
      this.#broken.set(key, (this.#broken.get(key) ?? 0) + 1);
      this.#world.happened("children that failed");
      return { status: 500, afterMs };
    }
    if (path === "/ask") {
      if (!this.#known.has(key)) this.#answer({ type: String(body["type"]), to: "url", url: String(body["url"]) });
      return { status: 202, afterMs };
    }
    if (method === "DELETE") return { status: 200, body: { cancelled: path }, afterMs };
    const isSoldOut = path === "/book/car" && schedule.chance(0.5);
    return isSoldOut ? { status: 404, afterMs } : { status: 200, body: { booked: path }, afterMs };
  }

  /** Reads the questions that come on a topic. One that comes twice is one. */
  async #listen(topic: string, partition: number): Promise<void> {
    const stop = new AbortController();
    for (let position = 0; ; ) {
      const { records, next } = chunkOf(position, this.#broker.fetch(topic, partition, position, 100));
      for (const { value } of records) this.#hear(readCloudEvent(parseJson(value ?? "null")));
      if (next === position) await this.#broker.growth(topic, partition).next(stop.signal);
      await this.#world.schedule.point();
      position = next;
    }
  }

  #hear(event: CloudEvent): void {
    if (this.#known.has(event.id)) return;
    this.#known.set(event.id, undefined);
    const question = event.data as unknown as Question;
    this.#world.tell(() => `question ${event.id} on ${event.type}`);
    this.#answer({ ...question, instance: String(event["kogitoprocinstanceid"]) });
  }

  /** Answers a question as the seed says: at once, in time, late or never; now and then again, or once more in other words. */
  #answer(question: Question): void {
    const { schedule } = this.#world;
    const event = this.#eventFor(question);
    if (question.always !== true && schedule.chance(0.1)) {
      this.#world.happened("answers never given");
      return;
    }
    const afterMs = this.#delayMs();
    const give = (given: CloudEvent): void => this.#give(question, given);
    if (afterMs === 0) give(event);
    else this.#outside.later(afterMs, () => give(event));
    if (schedule.chance(0.15)) {
      this.#world.happened("answers given again");
      this.#outside.later(afterMs + schedule.below(60_000), () => give(event));
    }
    if (schedule.chance(0.1)) {
      this.#world.happened("second answers");
      const second = this.#eventFor(question);
      this.#outside.later(afterMs + schedule.below(60_000), () => give(second));
    }
  }

  #delayMs(): number {
    const { schedule } = this.#world;
    if (schedule.chance(0.2)) {
      this.#world.happened("answers late");
      return this.#world.between(60_000, 300_000);
    }
    if (!schedule.chance(0.3)) return schedule.below(30_000);
    this.#world.happened("answers at once");
    return 0;
  }

  #give(question: Question, event: CloudEvent): void {
    if (question.to === "url") this.#outside.call(question.url ?? "", event);
    else this.#outside.publish(event, question.to);
  }

  #eventFor({ type, to, instance, order }: Question): CloudEvent {
    const id = `e${this.#events++}`;
    const whom = to === "instance" && instance ? { kogitoprocrefid: instance } : to === "key" && order ? { order } : {};
    return { specversion: "1.0", id, source: "services", type, ...whom, data: { answer: id } };
  }
}
