import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readRecord } from "@antiphon/correlator/read-record";
import { type Log, type Message, memoryLog } from "@antiphon/log";
import { type DeadLetter, parseJson, readData, topicLayout, topics } from "@antiphon/protocol";
import { Client } from "../support/client.ts";
import { waitUntil } from "../support/wait-until.ts";
import { bytesMessage, withBytes } from "./bytes-log.ts";
import { binaryPieces, type Piece, pieces } from "./corpus.ts";
import { hugeEvents, mutatedEvents } from "./generate.ts";
import { type Machine, startMachine } from "./machine.ts";

const GENERATED = 300;
/** As large as a broker takes a record by default. */
const HUGE_BYTES = 1_000_000;
const USERS = "fuzz.answered";

/** Everything that there is, whatever it is for. */
const ALL: readonly Piece[] = [
  ...pieces("structured"),
  ...pieces("orders"),
  ...pieces("json"),
  ...mutatedEvents("topics", GENERATED),
];

describe("hostile records on topics", () => {
  const log = withBytes(memoryLog());
  let machine: Machine;
  let client: Client;
  let orders = 0;

  before(async () => {
    await log.ensureTopics(topicLayout(1));
    machine = await startMachine(log);
    client = new Client(machine.url);
    await comesThrough();
  });
  after(() => machine[Symbol.asyncDispose]());

  /** An instance waits, its event comes behind all that came before on its topic, and it ends. */
  async function comesThrough(): Promise<void> {
    const orderid = `good-${++orders}`;
    const id = await client.start("fuzz", { orderid });
    const event = { specversion: "1.0", id: orderid, source: "/good", type: USERS, orderid };
    await log.publish([{ topic: USERS, key: null, value: JSON.stringify(event), partition: 0 }]);
    assert.equal((await client.ended(id)).status, "completed");
  }

  test("on a user's topic each record that is no event is a dead letter with its reason, and the next event comes through", async () => {
    const { end } = await log.bounds(USERS, 0);
    const records = [
      ...[...ALL, ...hugeEvents(HUGE_BYTES)].map(({ bytes }) => bytesMessage(USERS, null, bytes)),
      ...binaryPieces().map(({ headers, bytes }) => bytesMessage(USERS, "", bytes, onTopics(headers))),
      bytesMessage(USERS, "\0", Buffer.alloc(0), { ce_specversion: "1.0" }),
    ];
    await log.publish(records);
    await comesThrough();
    const read = await log.read(USERS, 0, end, records.length);
    const expected = read.records.flatMap((record) => {
      const reason = reasonOf(() => readRecord(record));
      return reason === undefined ? [] : [[record.offset, reason]];
    });
    assert.ok(expected.length > 100, "most of the corpus is no event");
    const letters = (await lettersIn(log)).filter(
      ({ from, disposition }) => from.topic === USERS && disposition === "rejected",
    );
    const unread = letters.filter(({ event }) => event === undefined);
    assert.deepEqual(
      unread.map(({ from, reason }) => [from.offset, reason]),
      expected,
    );
  });

  test("on a topic of data alone whatever is data starts an instance, and the rest is a dead letter", async () => {
    await log.publish(ALL.map(({ bytes }) => bytesMessage("fuzz.data", null, bytes)));
    await comesThrough();
    const unreadable = ALL.filter(
      ({ bytes }) => bytes.length > 0 && reasonOf(() => readData(textOf(bytes))) !== undefined,
    );
    await waitUntil(`${unreadable.length} dead letters`, async () => {
      const letters = (await lettersIn(log)).filter(({ from }) => from.topic === "fuzz.data");
      if (letters.length === unreadable.length) return letters;
      throw new Error(`there are ${letters.length}`);
    });
  });

  for (const topic of [topics.commands, topics.correlation]) {
    test(`on ${topic} each record that is no order is a dead letter, and orders behind it are followed`, async () => {
      const before = (await lettersIn(log)).length;
      const keys = [null, "", "i-fuzz", "\0", "__proto__", "@ledger"];
      await log.publish(ALL.map(({ bytes }, i) => bytesMessage(topic, keys[i % keys.length] ?? null, bytes)));
      await log.publish([{ topic, key: "i-fuzz", value: null, partition: 0 }]);
      await comesThrough();
      const found = await waitUntil("the dead letters", async () => {
        const letters = (await lettersIn(log)).slice(before);
        return letters.length >= ALL.length - 20 ? letters : undefined;
      });
      assert.deepEqual(
        found.filter(({ reason }) => reason === ""),
        [],
      );
    });
  }

  for (const topic of [topics.history, topics.correlations, topics.definitions, topics.replies, topics.deadLetters]) {
    test(`on ${topic} records that nobody of ours wrote are passed over`, async () => {
      const records = ALL.map(({ bytes }, i) => bytesMessage(topic, i % 2 === 0 ? null : `i-fuzz-${i}`, bytes));
      if (topic === topics.history || topic === topics.correlations) {
        const { end } = await log.bounds(topic, 0);
        assert.equal((await log.append(topic, 0, records, { at: end })).status, "appended");
      } else await log.publish(records);
      await comesThrough();
    });
  }

  test("who begins anew with all of it in the logs, and nothing in the store, gets to where the others were", async () => {
    await machine[Symbol.asyncDispose]();
    machine = await startMachine(log);
    client = new Client(machine.url);
    await comesThrough();
    const { status, text } = await client.send("GET", "/v1/dead-letters?limit=100");
    assert.equal(status, 200, text);
  });
});

function onTopics(headers: readonly (readonly [string, string])[]): NonNullable<Message["headers"]> {
  return Object.fromEntries(headers.map(([name, value]) => [name.replace(/^ce-/, "ce_"), value]));
}

function reasonOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Throws where the bytes are no text. */
function textOf(bytes: Buffer): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

async function lettersIn(log: Log): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (let from = 0, end = 1; from < end; ) {
    const batch = await log.read(topics.deadLetters, 0, from, 1_000);
    ({ next: from, end } = batch);
    for (const { value } of batch.records) {
      const letter =
        reasonOf(() => parseJson(value ?? "")) === undefined
          ? (parseJson(value ?? "") as unknown as DeadLetter)
          : undefined;
      if (typeof letter?.reason === "string" && letter.from !== undefined) letters.push(letter);
    }
  }
  return letters;
}
