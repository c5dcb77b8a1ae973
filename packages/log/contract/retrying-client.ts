import { isDeepStrictEqual } from "node:util";
import type { Appended, Log, LogRecord } from "../port.ts";
import type { Fault, FaultyClient } from "./harness.ts";

/**
 * A client with an unreliable way between it and a log in the same process: requests and answers get lost or come twice,
 * and it tries again, as a network's client would. It shows that what the log refuses stays refused, and counts once.
 */
export function retryingClient(log: Log): FaultyClient {
  let armed: Fault | undefined;
  let late: Promise<unknown> = Promise.resolve();

  async function append(
    topic: string,
    partition: number,
    records: readonly LogRecord[],
    options: { readonly at: number },
  ): Promise<Appended> {
    const fault = armed;
    armed = undefined;
    const request = (): Promise<Appended> => log.append(topic, partition, records, options);
    switch (fault) {
      case undefined:
      case "the request is lost":
        return request();
      case "the answer is lost": {
        await request();
        return settled(await request());
      }
      case "the request is delivered twice": {
        const [answer] = await Promise.all([request(), request()]);
        return answer;
      }
      case "the request is late": {
        const answer = await request();
        late = request();
        return answer;
      }
    }

    async function settled(repeated: Appended): Promise<Appended> {
      if (repeated.status === "appended") return repeated;
      const found = await log.read(topic, partition, options.at, records.length);
      const ours = found.records.map(({ key, value }) => ({ key, value }));
      return isDeepStrictEqual(ours, records) ? { status: "appended", next: options.at + records.length } : repeated;
    }
  }

  return {
    log: {
      append,
      ensureTopics: (topics) => log.ensureTopics(topics),
      partitions: (topic) => log.partitions(topic),
      publish: (messages) => log.publish(messages),
      read: (...place) => log.read(...place),
      tail: (...place) => log.tail(...place),
      bounds: (...place) => log.bounds(...place),
      truncate: (...place) => log.truncate(...place),
      committed: (...place) => log.committed(...place),
      join: (...group) => log.join(...group),
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    },
    arm: (fault) => {
      armed = fault;
    },
    harmed: async () => void (await late),
  };
}
