import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { CloudEvent } from "../../examples/topics/topics.ts";
import type { Answering } from "./answering.ts";
import { Random } from "./random.ts";
import type { Tally } from "./tally.ts";
import { answerTo, BUSY, NONE } from "./workflows.ts";

/** How often something is refused before it is done. */
const BUSY_MAX = 2;
const SLOW_MS_MAX = 300;

interface Question {
  readonly orderid: string;
  readonly label: string;
}

/** The services that the workflows ask, by HTTP and on a topic. Every question is counted before it is looked at. */
export class AskedServices implements AsyncDisposable {
  readonly #seed: number;
  readonly #tally: Tally;
  readonly #server = createServer((request, response) => {
    this.#take(request, response).catch(() => response.destroy());
  });
  #answering: Answering | undefined;

  private constructor(seed: number, tally: Tally) {
    this.#seed = seed;
    this.#tally = tally;
  }

  static async listen(seed: number, tally: Tally): Promise<AskedServices> {
    const services = new AskedServices(seed, tally);
    services.#server.listen(0, "127.0.0.1");
    await once(services.#server, "listening");
    return services;
  }

  /** The environment by which a deployment finds them. */
  get env(): Readonly<Record<string, string>> {
    return {
      ANTIPHON_SECRETS: "CHAOS_SERVICE_URL",
      CHAOS_SERVICE_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
    };
  }

  /** Answers go out this way from now on. */
  answerBy(answering: Answering): void {
    this.#answering = answering;
  }

  /** Takes a question that came on a topic. */
  async takeEvent(event: CloudEvent): Promise<void> {
    const { orderid, label } = event.data as Question;
    const times = this.#tally.ask(orderid, label, event.id);
    this.#answering?.answer(orderid, label, times, `${event["kogitoprocinstanceid"]}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await json(request)) as Partial<Question> & { readonly answerTo?: string };
    const [, path, inPath] = `${request.url}`.split("/");
    const label = inPath ?? `${body.label}`;
    const orderid = `${body.orderid}`;
    const times = this.#tally.ask(orderid, label, `${request.headers["idempotency-key"]}`);
    const random = new Random(this.#seed, orderid, label);
    if (path === "ask") {
      this.#answering?.answer(orderid, label, times, body.answerTo);
      if (random.chance(0.3)) await sleep(random.between(0, SLOW_MS_MAX));
      response.writeHead(202).end();
      return;
    }
    const refusals = label.startsWith(BUSY) ? random.between(0, BUSY_MAX) : 0;
    if (random.chance(0.3)) await sleep(random.between(0, SLOW_MS_MAX));
    // A connection that breaks says as little as a service that has no time.
    if (times <= refusals && random.chance(0.3)) response.destroy();
    else if (times <= refusals) response.writeHead(503).end();
    else if (label.startsWith(NONE)) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answerTo(orderid, label)));
  }
}
