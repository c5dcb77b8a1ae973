import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, memoryLog } from "@antiphon/log";
import { topics } from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";
import { processPartition } from "./process-partition.ts";
import { readEntity, readLedger, UnreadableStoreError } from "./stored.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { tally, tallyMessage } from "./testing/tally.ts";

const SPACE = `${tally.factTopic}/0`;

async function entriesIn(store: Store): Promise<readonly string[] | undefined> {
  const { values } = await store.load(SPACE, ["=a"]);
  try {
    return JSON.parse(values[0] ?? "").state.entries;
  } catch {
    return undefined;
  }
}

/** Runs an owner until the store holds as many entries; gives what it complained of. */
async function owned(log: Log, store: Store, count: number): Promise<readonly string[]> {
  const stop = new AbortController();
  const clock = new FakeClock();
  const complaints: string[] = [];
  const logger = {
    info: () => {},
    warn: () => {},
    error: (_: object, message: string) => void complaints.push(message),
  };
  const run = processPartition(tally, { log, store, clock, logger }, 0, stop.signal);
  for (let turn = 0; turn < 10_000 && (await entriesIn(store))?.length !== count; turn++) {
    clock.turn(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stop.abort();
  await run;
  assert.equal((await entriesIn(store))?.length, count);
  return complaints;
}

/** A log with one entry, and the store that follows from it. */
async function opened(): Promise<{ readonly log: Log; readonly store: Store }> {
  const log = memoryLog();
  const names = [tally.inputTopic, tally.factTopic, topics.replies];
  await log.ensureTopics(names.map((name) => ({ name, partitions: 1, retention: "forever" })));
  await log.publish([tallyMessage("a", { entry: "1" })]);
  const store = memoryStore();
  await owned(log, store, 1);
  return { log, store };
}

async function overwrite(store: Store, key: string, value: string): Promise<void> {
  const { position } = await store.load(SPACE, []);
  await store.commit(SPACE, {
    expected: position,
    position: position ?? 0,
    values: new Map([[key, value]]),
    added: [],
    removed: [],
  });
}

for (const [what, key, value] of [
  ["an entity that is no JSON", "=a", '{"state":{"entr'],
  ["an entity that is something else", "=a", "7"],
  ["an entity without a state", "=a", '{"newest":0}'],
  ["bookkeeping that is no JSON", "@ledger", "\u0000"],
  ["bookkeeping that lacks the position of its inputs", "@ledger", '{"sources":{}}'],
  ["bookkeeping with a place that is none", "@ledger", '{"inputs":1,"sources":{"t/0":[1]}}'],
  ["an entity whose newest decision is nowhere", "=a", '{"state":{"entries":["1"],"closed":0},"newest":"0"}'],
  ["bookkeeping with a newest fact that is none", "@ledger", '{"inputs":1,"sources":{},"newest":[0]}'],
  ["what a newer release has stored in another form", "@ledger", '{"format":2,"inputs":1,"sources":{}}'],
] as const) {
  test(`a store that holds ${what} is emptied, and the log folded again`, async () => {
    const { log, store } = await opened();
    await overwrite(store, key, value);
    await log.publish([tallyMessage("a", { entry: "2" })]);
    const complaints = await owned(log, store, 2);
    assert.deepEqual(await entriesIn(store), ["1", "2"]);
    assert.deepEqual(complaints, ["the store cannot be read: it is emptied, and the log folded anew"]);
  });
}

test("an entity or bookkeeping with any one bit turned over is refused by name, or is JSON of the right form still", () => {
  const entity = '{"state":{"entries":["1"]},"newest":3}';
  const ledger = '{"format":1,"inputs":12,"sources":{"antiphon.history/0":[7,0]}}';
  let refused = 0;
  for (const [text, read] of [
    [entity, (value: string): unknown => readEntity("=a", value)],
    [ledger, (value: string): unknown => readLedger("@ledger", value)],
  ] as const) {
    for (const turned of turnedOver(text)) {
      try {
        assert.deepEqual(read(turned), JSON.parse(turned));
      } catch (error) {
        assert.ok(error instanceof UnreadableStoreError, `${turned}: ${error}`);
        refused++;
      }
    }
  }
  assert.ok(refused > (entity.length + ledger.length) * 4, "most of them are refused");
});

/** The text with each of its bits turned over in turn. */
function* turnedOver(text: string): Generator<string> {
  for (let bit = 0; bit < text.length * 8; bit++) {
    const bytes = Buffer.from(text);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield bytes.toString();
  }
}
