import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedRequestError } from "./failures.ts";
import { Lane, type Parcel, type Produce } from "./lane.ts";

/** Kafka's code. */
const REQUEST_TIMED_OUT = 7;

/** What each request carried, as `topic/partition: values`, and the means to answer it. */
class Broker {
  readonly requests: { carried: string[]; answer: () => void; fail: (error: Error) => void }[] = [];
  /** By partition, the code that it is refused with. */
  readonly refused = new Map<number, number>();
  #offset = 0;

  readonly produce: Produce = (batches) => {
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<Produce>>>();
    const carried = batches.map(
      ({ topic, partition, messages }) => `${topic}/${partition}: ${messages.map(({ value }) => value).join(" ")}`,
    );
    const topics = batches.map(({ topic, partition }) => ({
      topicName: topic,
      partitions: [{ partition, errorCode: this.refused.get(partition) ?? 0, baseOffset: String(this.#offset++) }],
    }));
    this.requests.push({ carried, answer: () => resolve({ topics: merged(topics) }), fail: reject });
    return promise;
  };

  async answerAll(): Promise<string[][]> {
    for (let i = 0; ; i++) {
      await turn();
      const request = this.requests[i];
      if (request === undefined) return this.requests.map(({ carried }) => carried);
      request.answer();
    }
  }
}

test("what is handed over in one turn goes together, and what comes meanwhile goes next", async () => {
  const broker = new Broker();
  const lane = new Lane(broker.produce);
  const first = [lane.send(parcel("a", 0)), lane.send(parcel("b", 1))];
  await turn();
  const later = [lane.send(parcel("c", 0)), lane.send(parcel("d", 0))];
  assert.deepEqual(await broker.answerAll(), [["t/0: a", "t/1: b"], ["t/0: c d"]]);
  assert.deepEqual(await Promise.all([...first, ...later]), [0, 1, 2, 2]);
});

test("a stamped batch shares no batch, and nothing of its partition overtakes it", async () => {
  const broker = new Broker();
  const lane = new Lane(broker.produce);
  const sent = [
    lane.send(parcel("a", 0)),
    lane.send(parcel("stamped", 0, { sole: true })),
    lane.send(parcel("b", 0)),
    lane.send(parcel("c", 1)),
  ];
  assert.deepEqual(await broker.answerAll(), [["t/0: a", "t/1: c"], ["t/0: stamped"], ["t/0: b"]]);
  await Promise.all(sent);
});

test("what has failed in company is told so, and goes alone when it comes again", async () => {
  const broker = new Broker();
  const lane = new Lane(broker.produce);
  const failed = [lane.send(parcel("a", 0)), lane.send(parcel("b", 1))];
  await turn();
  broker.requests[0]?.fail(new Error("one of them is refused"));
  for (const outcome of failed) await assert.rejects(outcome, SharedRequestError);
  broker.requests.length = 0;
  const again = [lane.send(parcel("a", 0, { alone: true })), lane.send(parcel("b", 1, { alone: true }))];
  again.push(lane.send(parcel("c", 1)));
  assert.deepEqual(await broker.answerAll(), [["t/0: a"], ["t/1: b"], ["t/1: c"]]);
  await Promise.all(again);
});

test("what a broker refuses of one partition fails that one alone, by its name; its neighbours are there", async () => {
  const broker = new Broker();
  broker.refused.set(1, REQUEST_TIMED_OUT);
  const lane = new Lane(broker.produce);
  const sent = [0, 1, 2].map((partition) => lane.send(parcel("a", partition)));
  const refused = assert.rejects(sent[1] ?? Promise.resolve(), { type: "REQUEST_TIMED_OUT", retriable: true });
  assert.equal((await broker.answerAll()).length, 1);
  assert.deepEqual(await Promise.all([sent[0], sent[2]]), [0, 2]);
  await refused;
});

test("of several that went to a refused partition together it is not known which one was refused", async () => {
  const broker = new Broker();
  broker.refused.set(1, REQUEST_TIMED_OUT);
  const lane = new Lane(broker.produce);
  const sent = ["a", "b"].map((value) => lane.send(parcel(value, 1)));
  const refused = sent.map((one) => assert.rejects(one, SharedRequestError));
  await broker.answerAll();
  await Promise.all(refused);
});

test("a failure of what went alone is passed on as it is", async () => {
  const broker = new Broker();
  const outcome = new Lane(broker.produce).send(parcel("a", 0));
  await turn();
  broker.requests[0]?.fail(new Error("refused"));
  await assert.rejects(outcome, /^Error: refused$/);
});

function parcel(value: string, partition: number, ways: Partial<Parcel> = {}): Parcel {
  const messages = [{ key: null, value, headers: {} }];
  return { topic: "t", partition, messages, bytes: value.length, sole: false, alone: false, ...ways };
}

function merged(topics: Awaited<ReturnType<Produce>>["topics"]): Awaited<ReturnType<Produce>>["topics"] {
  return [{ topicName: "t", partitions: topics.flatMap(({ partitions }) => partitions) }];
}

function turn(): Promise<void> {
  return new Promise(setImmediate);
}
