import type { Gate } from "@antiphon/processor/testing";
import { isJsonObject, type Json, parseJson } from "@antiphon/protocol";
import { Dispatcher } from "undici";
import type { Faults } from "./faults.ts";
import type { Answered, Services } from "./services.ts";
import type { World } from "./world.ts";

/** How late a request comes that was sent twice on its way. */
const COPY_MS_MAX = 20_000;

/** The way by HTTP from one process to the services: what is lost on it is never heard of, or the connection breaks. */
export class SimulatedNetwork extends Dispatcher {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #gate: Gate;
  readonly #services: Services;

  constructor(world: World, faults: Faults, gate: Gate, services: Services) {
    super();
    this.#world = world;
    this.#faults = faults;
    this.#gate = gate;
    this.#services = services;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    void this.#exchange(options, handler);
    return true;
  }

  override async close(): Promise<void> {}
  override async destroy(): Promise<void> {}

  async #exchange(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): Promise<void> {
    const connection = new Connection(handler);
    handler.onRequestStart?.(connection, {});
    await this.#world.schedule.point(this.#gate);
    if (connection.aborted) return;
    const asked = askedBy(options);
    this.#services.attempted(asked.key);
    const { lost, twice, answerLost } = this.#faults;
    if (this.#world.strikes(lost, "connections refused")) return connection.break("ECONNREFUSED");
    if (this.#world.strikes(lost, "HTTP requests lost")) return;
    if (this.#world.strikes(twice, "HTTP requests twice")) {
      void this.#world.sleep(this.#world.schedule.below(COPY_MS_MAX)).then(() => this.#services.handle(asked));
    }
    const answer = this.#services.handle(asked);
    if (answer === undefined) return;
    await this.#world.sleep(answer.afterMs);
    await this.#world.schedule.point(this.#gate);
    if (connection.aborted) return;
    if (this.#world.strikes(answerLost, "connections broken")) return connection.break("ECONNRESET");
    connection.answer(answer);
  }
}

/** One exchange, as undici's handlers see it. */
class Connection implements Dispatcher.DispatchController {
  readonly #handler: Dispatcher.DispatchHandler;
  aborted = false;
  paused = false;
  reason: Error | null = null;
  rawHeaders: Buffer[] = [];
  rawTrailers: Buffer[] = [];

  constructor(handler: Dispatcher.DispatchHandler) {
    this.#handler = handler;
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#handler.onResponseError?.(this, reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  break(code: string): void {
    this.aborted = true;
    this.#handler.onResponseError?.(this, Object.assign(new Error(`the connection is gone: ${code}`), { code }));
  }

  answer({ status, body }: NonNullable<Answered>): void {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    this.rawHeaders = Object.entries(headers).flatMap((pair) => pair.map((text) => Buffer.from(text)));
    this.#handler.onResponseStart?.(this, status, headers, "");
    if (body !== undefined) this.#handler.onResponseData?.(this, Buffer.from(JSON.stringify(body)));
    this.#handler.onResponseEnd?.(this, {});
  }
}

function askedBy({ method, path, headers, body }: Dispatcher.DispatchOptions) {
  const given: Json = typeof body === "string" && body !== "" ? parseJson(body) : {};
  const key = Object.entries(headers as Readonly<Record<string, string>>).find(([name]) => name === "idempotency-key");
  return { method, path, key: key?.[1] ?? "", body: isJsonObject(given) ? given : {} };
}
