import assert from "node:assert/strict";
import { Client, type Fate, type ShownEvent, type ShownInstance } from "../client.ts";
import { WAIT_MS_MAX, waitUntil } from "../wait-until.ts";
import { within } from "../within.ts";
import { checkAnswer } from "./check-answer.ts";
import { filled, textWith } from "./filled.ts";
import { OpenExchanges } from "./open-exchanges.ts";
import { comparable } from "./produced-events.ts";
import type { Case, Script, Step } from "./script.ts";
import type { Services } from "./services.ts";

/** How many instances are told of a failed case, and how much of each of their facts. */
const TOLD_MAX = 3;
const TOLD_LENGTH_MAX = 200;
const FINAL = { ends: "completed", fails: "faulted", aborts: "aborted" } as const;

/** Runs a case against a deployment. Throws at the first thing that is not as the script has it. */
export async function runCase(deploymentUrl: string, services: Services, script: Script, one: Case): Promise<void> {
  const exchanges = new OpenExchanges(script.always, one.services ?? []);
  services.expect(script, exchanges);
  const run = new Run(new Client(deploymentUrl), services, script, exchanges);
  try {
    for (const step of one.steps) await run.step(step);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${exchanges.told()}\n${await run.told()}`, { cause: error });
  }
  // What nobody waits for may be asked after the end.
  await waitUntil("all questions", () => exchanges.isDone || undefined).catch(() => undefined);
  exchanges.check();
  assert.deepEqual(services.produced.of(script), [], "events that the script has not");
}

class Run {
  readonly #client: Client;
  readonly #services: Services;
  readonly #script: Script;
  readonly #exchanges: OpenExchanges;
  readonly #names = new Map<string, unknown>();
  /** Ids of instances that have been followed. */
  readonly #followed = new Set<string>();
  /** Events that have found a wait, and the instance that may not have been decided with them yet. */
  readonly #resolved: Fate[] = [];
  readonly #begunAt = new Date().toISOString();

  constructor(client: Client, services: Services, script: Script, exchanges: OpenExchanges) {
    this.#client = client;
    this.#services = services;
    this.#script = script;
    this.#exchanges = exchanges;
    this.#names.set("workflow", script.workflows[0]);
  }

  async step(step: Step): Promise<void> {
    if ("start" in step) return await this.#start(step);
    if ("send" in step) return await this.#send(step);
    if ("call" in step) return await this.#call(step);
    if ("waits" in step) return await this.#waits(step);
    if ("happens" in step) return await this.#happens(step.happens, this.#idOf(step.of));
    if ("produces" in step) return await this.#produces(step.produces);
    if ("follows" in step) return await this.#follow(step.follows, step.as);
    if ("shows" in step) return await this.#shows(step.shows, this.#idOf(step.of));
    if ("ends" in step) return await this.#final(step.ends, "ends", this.#idOf(step.of));
    if ("fails" in step) return await this.#final(step.fails, "fails", this.#idOf(step.of), step.error);
    return await this.#final(step.aborts, "aborts", this.#idOf(step.of));
  }

  /** What happened to the instances of this case, for whoever looks into its failure. */
  async told(): Promise<string> {
    const path = `/v1/instances?limit=${TOLD_MAX}&workflow=${this.#script.workflows[0]}&startedAfter=${this.#begunAt}`;
    const { items } = (await this.#client.send("GET", path)).body as { items: readonly { id: string }[] };
    const lines = items.map(async ({ id }) => {
      const history = await this.#client.history(id);
      return `instance ${id}: ${history.map(({ type, ...details }) => `${type} ${JSON.stringify(details).slice(0, TOLD_LENGTH_MAX)}`).join("\n  ")}`;
    });
    return (await Promise.all(lines)).join("\n");
  }

  async #start(step: Extract<Step, { start: unknown }>): Promise<void> {
    const workflow = step.workflow ?? this.#script.workflows[0];
    const key = step.key === undefined ? "" : `?businessKey=${encodeURIComponent(this.#text(step.key))}`;
    const path = `/${encodeURIComponent(String(workflow))}${key}`;
    const begun = this.#client.send("POST", path, this.#filled(step.start), this.#headers(step.headers));
    const answer = await within(WAIT_MS_MAX, `an answer of POST ${path}`, begun);
    const { id } = (answer.body ?? {}) as { id?: string };
    if (id !== undefined) this.#name(step.as, id);
    checkAnswer(`POST ${path}`, answer, step.answers ?? { status: 201 }, this.#variables());
  }

  async #send(step: Extract<Step, { send: object }>): Promise<void> {
    const event = this.#filled({ id: crypto.randomUUID(), source: "test", ...step.send }) as object;
    const headers = { "content-type": "application/cloudevents+json" };
    const answer = await this.#client.send("POST", step.to ?? "/", { specversion: "1.0", ...event }, headers);
    const fate = (answer.body ?? {}) as Fate;
    const { disposition, reason, instance } = fate;
    const expected = { status: 202, disposition: step.becomes ?? "resolved" };
    assert.deepEqual(
      { status: answer.status, disposition },
      expected,
      `${JSON.stringify(event)}: ${reason ?? answer.text}`,
    );
    if (disposition === "resolved") this.#resolved.push(fate);
    // Who sends an event that starts an instance is not told which.
    if (disposition === "started") await this.#follow(String(this.#names.get("workflow")), step.as);
    else if (step.as !== undefined) this.#name(step.as, instance);
  }

  async #call(step: Extract<Step, { call: string }>): Promise<void> {
    const [method = "", path = ""] = this.#text(step.call).split(" ", 2);
    const body = step.with === undefined ? undefined : this.#filled(step.with);
    const call = async (): Promise<void> => {
      const answer = await this.#client.send(method, path, body, this.#headers(step.headers));
      checkAnswer(step.call, answer, step.answers, this.#variables());
    };
    if (step.repeatedly !== true) return await call();
    await waitUntil(`the answer of ${step.call}`, () => call().then(() => true));
  }

  async #waits({ waits, of }: Extract<Step, { waits: unknown }>): Promise<void> {
    const expected = typeof waits === "string" ? [waits] : waits;
    const id = this.#idOf(of);
    await this.#hasTaken(id);
    await this.#eventually(`instance to wait for ${expected}`, id, (instance) => {
      const { waits: open = [] } = instance as { waits?: readonly { events: readonly { type: string }[] }[] };
      const types = open.flatMap(({ events }) => events.map(({ type }) => type));
      assert.deepEqual(types.toSorted(), expected.toSorted());
    });
  }

  /** Waits until an instance's history has what was sent to it: until then it shows the wait that was answered. */
  async #hasTaken(instance: string): Promise<void> {
    for (const { source, id } of this.#resolved.filter((fate) => fate.instance === instance)) {
      const names = ({ event }: ShownEvent & { event?: Partial<Fate> }) => event?.source === source && event.id === id;
      const look = async () => (await this.#client.history(instance)).find(names);
      await waitUntil(`event ${id} in the history of ${instance}`, look);
    }
  }

  async #happens(type: string, id: string): Promise<void> {
    const look = async () => (await this.#client.history(id)).find((event) => event.type === type);
    await waitUntil(`${type} in the history of ${id}`, look);
  }

  async #produces(expected: readonly object[]): Promise<void> {
    const { produced } = this.#services;
    await waitUntil(
      `${expected.length} events`,
      () => produced.of(this.#script).length >= expected.length || undefined,
    ).catch(() => undefined);
    const found = produced.of(this.#script).map((event, i) => comparable(event, expected[i]));
    produced.remove(this.#script, expected.length);
    const source = `/process/${this.#script.workflows[0]}`;
    assert.deepEqual(
      found,
      this.#filled(
        expected.map((event) => ({ source, ...event })),
        found,
      ),
      "the events produced",
    );
  }

  /** Names the oldest instance of a workflow that was started in this case and is not known yet. */
  async #follow(workflow: string, name: string | undefined): Promise<void> {
    const path = `/v1/instances?workflow=${encodeURIComponent(this.#text(workflow))}&startedAfter=${this.#begunAt}`;
    const id = await waitUntil(`another instance of ${workflow}`, async () => {
      const { body } = await this.#client.send("GET", path);
      const { items } = body as { items: readonly { id: string }[] };
      return items.map((item) => item.id).findLast((one) => !this.#followed.has(one));
    });
    this.#name(name, id);
  }

  async #shows(data: unknown, id: string): Promise<void> {
    await this.#eventually("instance to have the data", id, (instance) => {
      assert.deepEqual(instance.data, this.#filled(data, instance.data));
      assert.equal(instance.status, "active");
    });
  }

  async #final(data: unknown, kind: keyof typeof FINAL, id: string, error?: object): Promise<void> {
    const instance = await this.#client.ended(id);
    const { status, ...found } = instance;
    const failed = "error" in found ? JSON.stringify(found.error) : "";
    assert.deepEqual(
      { status, data: found.data },
      { status: FINAL[kind], data: this.#filled(data, found.data) },
      `instance ${status} ${failed} ${JSON.stringify(found.data)}`,
    );
    if (error === undefined) return;
    const known = Object.fromEntries(
      Object.keys(error).map((name) => [name, (found.error as Record<string, unknown> | undefined)?.[name]]),
    );
    assert.deepEqual(known, this.#filled(error, known), "the error");
  }

  async #eventually(what: string, id: string, check: (instance: ShownInstance) => void): Promise<void> {
    await waitUntil(what, async () => {
      check(await this.#client.instance(id));
      return true;
    });
  }

  #name(name: string | undefined, id: string | undefined): void {
    if (id === undefined) return;
    this.#followed.add(id);
    this.#names.set(name ?? "instance", id);
  }

  #idOf(name = "instance"): string {
    return this.#text(`\${${name}}`);
  }

  #text(text: string): string {
    return textWith(text, this.#variables());
  }

  #filled(expected: unknown, found?: unknown): unknown {
    return filled(expected, this.#variables(), found);
  }

  #headers(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
    return this.#filled(headers) as Readonly<Record<string, string>>;
  }

  #variables(): ReadonlyMap<string, unknown> {
    return new Map([...this.#exchanges.variables, ...this.#names]);
  }
}
