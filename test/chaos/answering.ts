import { setTimeout as sleep } from "node:timers/promises";
import type { CloudEvent } from "../../examples/topics/topics.ts";
import type { Publisher } from "./publisher.ts";
import { Random } from "./random.ts";
import { type Published, SOURCE, type Tally } from "./tally.ts";
import { ANSWERS, answerTo, deskOf, STARTING } from "./workflows.ts";

/** Copies of one event, and events that answer the same question. */
const COPIES_MAX = 3;
const RIVALS_MAX = 2;
/** An event that is published so long after it was asked for counts as late. */
const LATE_MS = 2_000;

/** Publishes what answers questions: at once or late, several times over, and by whichever way, as the seed has it. */
export class Answering {
  readonly #seed: number;
  readonly #tally: Tally;
  readonly #publisher: Publisher;
  readonly #underWay = new Set<Promise<void>>();

  constructor(seed: number, tally: Tally, publisher: Publisher) {
    this.#seed = seed;
    this.#tally = tally;
    this.#publisher = publisher;
  }

  /**
   * Answers a question that came for so many times. The first time all its events are set off; later ones sometimes
   * repeat one. `to` is a URL or an instance's id; a key needs neither.
   */
  answer(orderid: string, label: string, times: number, to?: string): void {
    const random = new Random(this.#seed, orderid, label, times);
    // Two events that start an instance start two, and rightly.
    const rivals = label === STARTING ? 1 : random.between(1, RIVALS_MAX);
    if (times > 1 && random.chance(0.5)) return;
    for (let rival = 0; rival < (times > 1 ? 1 : rivals); rival += 1) {
      const entry = this.#tally.entryOf(eventOf(orderid, label, rival, to), orderid, label);
      const copies = random.pick([1, 1, 1, 2, COPIES_MAX]);
      if (!this.#tally.asked.has(`${orderid} ${label}`)) entry.manners.add("unasked");
      if (rival > 0) entry.manners.add("rival");
      if (times > 1 || copies > 1) entry.manners.add("repeated");
      for (let copy = 1; copy <= copies; copy += 1) this.#set(this.#publish(entry, random, to));
    }
  }

  /** How many copies are to be published yet, or are being published. */
  get underWay(): number {
    return this.#underWay.size;
  }

  #set(publishing: Promise<void>): void {
    const caught = publishing
      .catch((error: unknown) => void this.#tally.surprises.push(`an event was not published: ${error}`))
      .finally(() => this.#underWay.delete(caught));
    this.#underWay.add(caught);
  }

  async #publish(entry: Published, random: Random, to: string | undefined): Promise<void> {
    const delayMs = delayOf(random);
    const way = random.next();
    const isAsync = random.chance(0.5);
    if (delayMs >= LATE_MS) entry.manners.add("late");
    await sleep(delayMs);
    if (ANSWERS[entry.label]?.means === "url" && to !== undefined) await this.#publisher.toUrl(entry, to);
    else if (way < 0.7) await this.#publisher.toTopic(entry);
    else await this.#publisher.toGateway(entry, isAsync);
  }
}

function eventOf(orderid: string, label: string, rival: number, to: string | undefined): CloudEvent {
  const answer = ANSWERS[label];
  if (answer === undefined) throw new Error(`expected a question that can be answered, found ${label}`);
  return {
    specversion: "1.0",
    id: `${orderid}.${label}.${rival}`,
    source: SOURCE,
    type: answer.type,
    ...(answer.means === "key" && { orderid }),
    ...(answer.means === "desk" && { desk: deskOf(orderid) }),
    ...(answer.means === "instance" && { kogitoprocrefid: to }),
    data: answerTo(orderid, label),
  };
}

/** Most are quick, so that they overtake what they answer; a few take their time. */
function delayOf(random: Random): number {
  const most = random.pick([0, 300, 300, 1_000, 2_500, 6_000]);
  return random.between(most / 2, most);
}
