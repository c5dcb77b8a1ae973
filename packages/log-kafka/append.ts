import { randomBytes } from "node:crypto";
import { type Appended, assertAppend, type LogRecord, recordBytes } from "@antiphon/log";
import { stampOf } from "./facts.ts";
import type { Fetcher } from "./fetcher.ts";
import type { Retrying } from "./retrying.ts";
import type { Sender } from "./sender.ts";
import { formatStamp, STAMP_HEADER } from "./stamp.ts";
import type { WireMessage } from "./wire.ts";

const CONFLICT: Appended = { status: "conflict" };

/** Compare-and-append: `stamp.ts` tells why it is right. */
export class Appender {
  readonly #sender: Pick<Sender, "send">;
  readonly #fetcher: Pick<Fetcher, "fetch">;
  readonly #retrying: Pick<Retrying, "run">;
  readonly #self = randomBytes(9).toString("base64url");
  #count = 0;

  constructor(sender: Pick<Sender, "send">, fetcher: Pick<Fetcher, "fetch">, retrying: Pick<Retrying, "run">) {
    this.#sender = sender;
    this.#fetcher = fetcher;
    this.#retrying = retrying;
  }

  /** Appends all of `records` at `at`, or nothing that counts. */
  async append(topic: string, partition: number, records: readonly LogRecord[], at: number): Promise<Appended> {
    assertAppend(records);
    const nonce = `${this.#self}${(this.#count++).toString(36)}`;
    const messages = records.map((record, index) => stamped(record, formatStamp({ at, index, nonce })));
    const bytes = records.reduce((sum, record) => sum + recordBytes(record), 0);
    const appended: Appended = { status: "appended", next: at + records.length };
    const settle = async (): Promise<Appended | undefined> => {
      const found = await this.#nonceAt(topic, partition, at);
      if (found === "nothing yet") return undefined;
      return found === nonce ? appended : CONFLICT;
    };

    return this.#retrying.run(`appending to partition ${partition} of "${topic}" at ${at}`, async (retry) => {
      const settled = retry === 0 ? undefined : await settle();
      if (settled !== undefined) return settled;
      const offset = await this.#sender.send({ topic, partition, messages, bytes, sole: true, alone: retry > 0 });
      if (offset === at) return appended;
      return retry === 0 ? CONFLICT : ((await settle()) ?? CONFLICT);
    });
  }

  /** The nonce of what lies at an offset; "" if that is nobody's stamped batch. */
  async #nonceAt(topic: string, partition: number, at: number): Promise<string> {
    const { messages, highWatermark } = await this.#fetcher.fetch(topic, partition, at, 1);
    if (Number(highWatermark) <= at) return "nothing yet";
    const found = messages.find(({ offset }) => Number(offset) === at);
    const stamp = found === undefined ? undefined : stampOf(found);
    return stamp?.at === at && stamp.index === 0 ? stamp.nonce : "";
  }
}

function stamped({ key, value, headers }: LogRecord, stamp: string): WireMessage {
  return { key, value, headers: { ...headers, [STAMP_HEADER]: stamp } };
}
