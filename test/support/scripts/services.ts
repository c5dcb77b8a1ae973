import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Client } from "../client.ts";
import { filled, textWith } from "./filled.ts";
import { OpenExchanges, type Question, variablesOf } from "./open-exchanges.ts";
import { eventIn, ProducedEvents } from "./produced-events.ts";
import { questionIn } from "./question.ts";
import { Received } from "./received.ts";
import { type RpcAnswer, RpcServices } from "./rpc-services.ts";
import type { Script, ServiceAnswer } from "./script.ts";

/** The place that definitions name for their services; the folder that is deployed has ours in its stead. */
export const SERVICES_ORIGIN = "http://services.example";
/** What the path of the sink begins with; no script has its name. */
const SINK = "events";

/** All services of all scripts: by HTTP, each script's under a path of its own, and by gRPC. It takes produced events too. */
export class Services implements AsyncDisposable {
  /** The events that came, whoever produced them. */
  readonly produced: ProducedEvents;
  /** All that came since events go to this deployment. */
  readonly received = new Received();
  readonly #folder: string;
  readonly #scripts: ReadonlyMap<string, Script>;
  readonly #open = new Map<string, OpenExchanges>();
  readonly #server = createServer((request, response) => void this.#take(request, response));
  readonly #rpc: RpcServices;
  /** Whom services send events to. */
  #client: Client | undefined;

  private constructor(folder: string, scripts: readonly Script[]) {
    this.#folder = folder;
    this.#scripts = new Map(scripts.map((script) => [script.name, script]));
    this.produced = new ProducedEvents(scripts);
    this.#rpc = new RpcServices(folder, (asked, body, headers) => this.#takeRpc(asked, body, headers));
  }

  static async listen(folder: string, scripts: readonly Script[]): Promise<Services> {
    const services = new Services(folder, scripts);
    services.#server.listen(0, "127.0.0.1");
    await Promise.all([once(services.#server, "listening"), services.#rpc.listen()]);
    return services;
  }

  /** Where they are. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The environment by which a deployment finds them. */
  get env(): Readonly<Record<string, string>> {
    const { port } = new URL(this.origin);
    return {
      ANTIPHON_SINK: `${this.origin}/${SINK}`,
      ANTIPHON_SECRETS: "HTTP_PORT,RPC_PORT",
      HTTP_PORT: port,
      RPC_PORT: String(this.#rpc.port),
    };
  }

  /** From now on events go to this deployment. */
  sendTo(deploymentUrl: string): void {
    this.#client = new Client(deploymentUrl);
    this.produced.clear();
    this.received.clear();
  }

  /** From now on a script's services are asked this. */
  expect(script: Script, exchanges: OpenExchanges): void {
    this.#open.set(script.name, exchanges);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#rpc.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { script, question } = await questionIn(request);
      if (script === SINK) {
        const event = eventIn(question);
        this.produced.take(event);
        this.received.event(event);
        response.writeHead(202).end();
        return;
      }
      const answer = await this.#answer(script, question);
      if (answer !== "never") await this.#write(answer, script, question, response);
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    }
  }

  async #takeRpc(asked: string, body: unknown, headers: Question["headers"]): Promise<RpcAnswer> {
    const question = { asked, body, headers };
    for (const [script, exchanges] of this.#open) {
      if (!exchanges.knows(asked)) continue;
      const answer = await this.#answer(script, question);
      return answer === "never" ? answer : { ...answer, body: filled(answer.body, variablesOf(question)) };
    }
    return { error: { code: 12, message: `nobody expects ${asked}` } };
  }

  /** What a script's service answers, after it has sent what it sends. */
  async #answer(script: string, question: Question): Promise<ServiceAnswer | "never"> {
    this.received.question(question);
    const always = this.#scripts.get(script)?.always ?? [];
    const exchange = (this.#open.get(script) ?? new OpenExchanges(always, [])).take(question);
    if (exchange === undefined) return { status: 501, text: `nobody expects ${question.asked} of ${script}` };
    for (const event of exchange.sends ?? []) {
      const sent = filled(event, variablesOf(question)) as object;
      await this.#client?.event({ id: crypto.randomUUID(), source: "service", ...sent });
    }
    return exchange.answers ?? { status: 204 };
  }

  async #write(answer: ServiceAnswer, script: string, question: Question, response: ServerResponse): Promise<void> {
    const { status = 200, headers, body, text, file } = answer;
    const variables = variablesOf(question);
    const folder = this.#scripts.get(script)?.folder ?? "";
    const own = file === undefined ? undefined : await readFile(join(this.#folder, folder, file), "utf8");
    const json = body === undefined ? undefined : JSON.stringify(filled(body, variables));
    const content = (own ?? json)?.replaceAll(SERVICES_ORIGIN, this.origin) ?? (text && textWith(text, variables));
    const type = body === undefined ? "text/plain" : "application/json";
    response.writeHead(status, { ...(content !== undefined && { "content-type": type }), ...headers });
    response.end(content);
  }
}
