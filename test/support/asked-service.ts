import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type CloudEvent, openTopics, type Topics } from "../../examples/topics/topics.ts";
import type { Deployment } from "./deployment.ts";
import { WAIT_MS_MAX, waitUntil } from "./wait-until.ts";

/** How an instance asks, which is also the workflow that does it. */
export type Way = "by-url" | "by-topic" | "by-key";

export const WAYS: readonly Way[] = ["by-url", "by-topic", "by-key"];
/** The source of its answers. */
export const ANSWER_SOURCE = "asked";
const TRY_AGAIN_MS = 200;

/** A question that came, and how often it did. Its id is the same each time. */
export interface Asked {
  readonly id: string;
  readonly way: Way;
  readonly question: number;
  /** Where its answer goes: a URL, an instance's id or an order's. */
  readonly answerTo: string;
  readonly times: number;
}

/** The id of the event that answers a question. */
export function answerId({ id }: Pick<Asked, "id">): string {
  return `answer-${id}`;
}

/** The data of that event. */
export function answerData({ question }: Pick<Asked, "question">): { readonly square: number } {
  return { square: question * question };
}

/** A service that the test's workflows ask, by HTTP and on topics. It counts what comes, and answers when it is told to. */
export class AskedService implements AsyncDisposable {
  readonly #asked = new Map<string, Asked>();
  readonly #over = new AbortController();
  readonly #server = createServer((request, response) => void this.#takeRequest(request, response));
  #topics: Topics | undefined;

  /** Listens for questions by HTTP. */
  static async listen(): Promise<AskedService> {
    const service = new AskedService();
    service.#server.listen(0, "127.0.0.1");
    await once(service.#server, "listening");
    return service;
  }

  /** The environment by which a deployment finds it. */
  get env(): Readonly<Record<string, string>> {
    return {
      ANTIPHON_SECRETS: "ASK_SERVICE_URL",
      ASK_SERVICE_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
    };
  }

  /** Listens for questions on the topics of a deployment as well. */
  async follow({ url, kafkaBrokers }: Deployment): Promise<void> {
    this.#topics = await openTopics({ name: "asked", antiphonUrl: url, kafkaBrokers });
    const follow = (
      way: Way,
      answerTo: (event: CloudEvent, data: { orderid: string }) => string,
    ): Promise<void> | undefined =>
      this.#topics?.follow(`${way}.asked`, async (event) => {
        const data = event.data as { question: number; orderid: string };
        this.#count({ id: event.id, way, question: data.question, answerTo: answerTo(event, data) });
      });
    await follow("by-topic", (event) => `${event["kogitoprocinstanceid"]}`);
    await follow("by-key", (_, { orderid }) => orderid);
  }

  /** Listens on topics no longer. */
  async unfollow(): Promise<void> {
    await this.#topics?.[Symbol.asyncDispose]();
    this.#topics = undefined;
  }

  /** All questions that have come, each once, in the order in which they did. */
  get asked(): readonly Asked[] {
    return [...this.#asked.values()];
  }

  /** A number of questions, once they have come. */
  askedBy(ids: ReadonlySet<string>, limitMs = WAIT_MS_MAX): Promise<readonly Asked[]> {
    return waitUntil(
      `${ids.size} questions`,
      () => {
        const asked = this.asked.filter(({ id }) => ids.has(instanceIn(id)));
        if (asked.length >= ids.size) return asked;
        throw new Error(`${asked.length} have come`);
      },
      limitMs,
    );
  }

  /** Answers a question, and does not give up while nobody takes the answer. */
  async answer(asked: Asked): Promise<void> {
    const { way, answerTo } = asked;
    const event = {
      specversion: "1.0",
      id: answerId(asked),
      source: ANSWER_SOURCE,
      type: `${way}.answered`,
      data: answerData(asked),
    } as const;
    switch (way) {
      case "by-url":
        return this.#call(answerTo, event);
      case "by-topic":
        return this.#topics?.publish(event.type, { ...event, kogitoprocrefid: answerTo });
      case "by-key":
        return this.#topics?.publish(event.type, { ...event, orderid: answerTo });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.unfollow();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #takeRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { question, answerTo } = (await json(request)) as { question: number; answerTo: string };
    this.#count({ id: `${request.headers["idempotency-key"]}`, way: "by-url", question, answerTo });
    response.writeHead(202).end();
  }

  #count(asked: Omit<Asked, "times">): void {
    const before = this.#asked.get(asked.id);
    if (before !== undefined && before.question !== asked.question) {
      throw new Error(`${asked.id}: expected question ${before.question} again, found ${asked.question}`);
    }
    this.#asked.set(asked.id, { ...asked, times: (before?.times ?? 0) + 1 });
  }

  /** Takes no 5xx for an answer, nor silence. A 409 says that an earlier attempt has arrived. */
  async #call(url: string, event: CloudEvent): Promise<void> {
    const headers = { "content-type": "application/cloudevents+json" };
    await waitUntil(`${url} to take an answer`, async () => {
      const request = { method: "POST", headers, body: JSON.stringify(event), signal: this.#over.signal };
      const { status } = await fetch(url, request);
      if (status === 202 || status === 409) return status;
      await sleep(TRY_AGAIN_MS);
      throw new Error(`it answers ${status}`);
    });
  }
}

/** Ids of questions begin with the id of the instance that asks. */
function instanceIn(id: string): string {
  return id.slice(0, UUID_LENGTH);
}

const UUID_LENGTH = 36;
