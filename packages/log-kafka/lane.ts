import { errorOf, LogUnavailableError } from "@antiphon/log";
import { NO_ERROR, refusal, SharedRequestError } from "./failures.ts";
import type { ProduceAnswer, WireMessage } from "./wire.ts";

/** What one request carries at most. kafkajs takes seconds for much larger ones. */
const REQUEST_BYTES_MAX = 8_000_000;
/** One batch of Kafka's: a partition's share of a request. */
export const BATCH_SHARE = { bytes: 900_000, records: 1_000 };
/** What may wait to be sent to one broker. */
const WAITING_BYTES_MAX = 128_000_000;

/** Records that go to one partition together. */
export interface Parcel {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly WireMessage[];
  readonly bytes: number;
  /** Must be a batch of its own, as it is stamped. */
  readonly sole: boolean;
  /** Must be a request of its own, as it has failed in company. */
  readonly alone: boolean;
}

/** Sends one request with a batch for each of several partitions. */
export type Produce = (batches: readonly Pick<Parcel, "topic" | "partition" | "messages">[]) => Promise<ProduceAnswer>;

interface Waiting extends Parcel {
  readonly sent: PromiseWithResolvers<number>;
}

interface Share {
  readonly topic: string;
  readonly partition: number;
  readonly parcels: Waiting[];
  messages: number;
  bytes: number;
  full: boolean;
}

/**
 * The way to one broker, with one request on it at a time: kafkajs does not keep the order of several. What is
 * handed over meanwhile goes with the next one, for all partitions together.
 */
export class Lane {
  readonly #produce: Produce;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running = false;

  constructor(produce: Produce) {
    this.#produce = produce;
  }

  /** Sends records in their turn; resolves to the offset that the broker gave the batch they were in. */
  send(parcel: Parcel): Promise<number> {
    if (this.#waitingBytes + parcel.bytes > WAITING_BYTES_MAX) {
      return Promise.reject(new LogUnavailableError(`more than ${WAITING_BYTES_MAX} bytes wait to be sent already`));
    }
    const sent = Promise.withResolvers<number>();
    this.#waiting.push({ ...parcel, sent });
    this.#waitingBytes += parcel.bytes;
    if (!this.#running) {
      this.#running = true;
      setImmediate(() => void this.#run());
    }
    return sent.promise;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#sendShares(this.#take());
    this.#running = false;
  }

  async #sendShares(shares: readonly Share[]): Promise<void> {
    try {
      const answer = await this.#produce(
        shares.map(({ topic, partition, parcels }) => ({
          topic,
          partition,
          messages: parcels.flatMap(({ messages }) => messages),
        })),
      );
      for (const share of shares) settle(share, answer);
    } catch (error) {
      const inCompany = shares.length > 1;
      for (const { parcels } of shares) reject(parcels, error, inCompany);
    }
  }

  /** What the next request carries, in order; a partition whose next records do not fit waits with all of its others. */
  #take(): readonly Share[] {
    const shares = new Map<string, Share>();
    const left: Waiting[] = [];
    let bytes = 0;
    let isFull = false;
    for (const parcel of this.#waiting) {
      const key = `${parcel.partition}/${parcel.topic}`;
      const share = shares.get(key);
      const fitsRequest = shares.size === 0 || (!isFull && !parcel.alone && bytes + parcel.bytes <= REQUEST_BYTES_MAX);
      if (!fitsRequest || (share !== undefined && !fitsShare(share, parcel))) {
        if (share !== undefined) share.full = true;
        else if (shares.size > 0) shares.set(key, blocked(parcel));
        left.push(parcel);
        continue;
      }
      shares.set(key, extended(share, parcel));
      bytes += parcel.bytes;
      isFull ||= parcel.alone;
    }
    this.#waiting = left;
    const taken = [...shares.values()].filter(({ parcels }) => parcels.length > 0);
    this.#waitingBytes = left.reduce((sum, parcel) => sum + parcel.bytes, 0);
    return taken;
  }
}

function fitsShare(share: Share, { sole, bytes, messages }: Parcel): boolean {
  return (
    !share.full &&
    !sole &&
    share.bytes + bytes <= BATCH_SHARE.bytes &&
    share.messages + messages.length <= BATCH_SHARE.records
  );
}

function extended(share: Share | undefined, parcel: Waiting): Share {
  const { topic, partition, sole, bytes, messages } = parcel;
  if (share === undefined) return { topic, partition, parcels: [parcel], messages: messages.length, bytes, full: sole };
  share.parcels.push(parcel);
  share.messages += messages.length;
  share.bytes += bytes;
  return share;
}

function blocked({ topic, partition }: Parcel): Share {
  return { topic, partition, parcels: [], messages: 0, bytes: 0, full: true };
}

/** What a broker says of one partition's batch concerns no other. */
function settle({ topic, partition, parcels }: Share, answer: ProduceAnswer): void {
  const found = answer.topics
    .find(({ topicName }) => topicName === topic)
    ?.partitions.find((place) => place.partition === partition);
  if (found === undefined) {
    reject(parcels, new Error(`expected an answer for partition ${partition} of "${topic}", found none`), false);
  } else if (found.errorCode !== NO_ERROR) {
    reject(parcels, refusal(found.errorCode), false);
  } else for (const { sent } of parcels) sent.resolve(Number(found.baseOffset));
}

/** Of several parcels it is not known which one failed. */
function reject(parcels: readonly Waiting[], error: unknown, inCompany: boolean): void {
  const isShared = inCompany || parcels.length > 1;
  const failure = isShared ? new SharedRequestError(errorOf(error).message, { cause: error }) : error;
  for (const { sent } of parcels) sent.reject(failure);
}
