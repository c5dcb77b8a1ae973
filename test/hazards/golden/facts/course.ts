import {
  type ActionOutcome,
  type CloudEvent,
  type CorrelationInput,
  correlationKey,
  type FoundBy,
  type Json,
  type JsonObject,
  TENANT,
  topics,
} from "@antiphon/protocol";
import { type FactsWorld, RETENTION } from "./world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How often something happens while the log grows old, so that it is known how old its facts are. */
const STEP_MS = 24 * HOUR_MS;

const asker = (request: string) => ({ gateway: "0", request });

/**
 * Has every kind of fact happen, to instances and on keys that are named after it: once, so that what is alive is copied
 * forward and what has ended forgotten, and once more after that.
 */
export async function runCourse(world: FactsWorld): Promise<void> {
  for (const age of ["old", "young"]) {
    const on = new Course(world, age);
    await on.actions();
    await on.families();
    await on.events();
    await on.keys();
    await on.branches();
    await on.repairs();
    await on.schedules();
    await on.rejections();
    if (age === "old") await on.growsOld();
  }
}

class Course {
  readonly #world: FactsWorld;
  readonly #age: string;

  constructor(world: FactsWorld, age: string) {
    this.#world = world;
    this.#age = age;
  }

  /** An action completes, is tried again, fails for good, and what came before it is undone. */
  async actions(): Promise<void> {
    await this.start("tries", this.id("tries-works"));
    await this.complete(this.id("tries-works"), "1.reserve", { price: 1.5 });
    await this.complete(this.id("tries-works"), "2.charge");
    for (const id of [this.id("tries-undoes"), this.id("tries-is-undoing")]) {
      await this.start("tries", id);
      await this.complete(id, "1.reserve", { price: 2 });
      await this.failure(id, "2.charge");
      await this.#world.pass(MINUTE_MS);
      await this.failure(id, "2.charge", 2);
    }
    await this.complete(this.id("tries-undoes"), "3.release");
    await this.start("tries", this.id("tries-waits"));
    // Undone by request, and undoing fails.
    await this.start("tries", this.id("tries-stays"));
    await this.complete(this.id("tries-stays"), "1.reserve");
    await this.#world.tell({ type: "AbortInstance", instance: this.id("tries-stays") });
    await this.failure(this.id("tries-stays"), "3.release");
  }

  /** A child rests, fails, is tried again, and its parent goes on as another instance. */
  async families(): Promise<void> {
    const tell = this.#world.tell.bind(this.#world);
    for (const name of ["parent-ends", "parent-fails", "parent-waits", "parent-is-aborted"]) {
      const id = this.id(name);
      await this.start("parent", id, { n: 1 }, { reply: asker(id), businessKey: `für ${id}` });
    }
    for (const id of [this.id("parent-ends"), this.id("parent-fails")]) {
      const child = await this.child(id);
      await this.deliver(child, this.event(`tells ${id}`, "golden.told", { data: "yes" }));
      await this.failure(child, "2.break");
    }
    await tell({ type: "RetriggerInstance", instance: this.id("parent-ends"), reply: asker("again") });
    await this.complete(await this.child(this.id("parent-ends")), "2.break", { broken: false }, 2);
    await tell({ type: "AbortInstance", instance: this.id("parent-is-aborted"), compensate: false });
  }

  /** Events come by the instance's id: early, twice, for nobody, and one of two. */
  async events(): Promise<void> {
    const early = this.event("early", "golden.left", { data: 1 });
    await this.deliver(this.id("both-ends"), early);
    for (const id of [this.id("both-ends"), this.id("both-has-one"), this.id("both-is-aborted")])
      await this.start("both", id);
    await this.deliver(this.id("both-ends"), this.event("right", "golden.right", { data: 2 }));
    await this.deliver(this.id("both-has-one"), this.event("only left", "golden.left", { data: { text: "ü" } }));
    await this.deliver(this.id("both-has-one"), this.event("only left", "golden.left", { data: { text: "ü" } }));
    await this.deliver(this.id("both-has-one"), this.event("more left", "golden.left", { data: 3 }));
    await this.deliver(this.id("both-has-one"), this.event("unheard", "golden.unheard"));
    await this.#world.tell({ type: "AbortInstance", instance: this.id("both-is-aborted") });
    await this.deliver(this.id("both-comes-later"), this.event("very early", "golden.right", { data: 4 }));
  }

  /** Events and waits meet by keys, in either order. */
  async keys(): Promise<void> {
    const offer = (orderid: string, id: string, type = "golden.paid", cardinality: Cardinality = "one") =>
      this.offer(orderid, this.event(id, type, { orderid: this.id(orderid), data: { id } }), cardinality);
    await offer("held", "held");
    await offer("held", "held");
    for (const orderid of ["held", "waits", "returned", "closed"]) {
      await this.start("waits", this.id(`waits-${orderid}`), { orderid: this.id(orderid) });
    }
    await offer("waits", "first of two");
    // It comes by its id as well, and so its key finds the next wait for it.
    const both = this.event("both ways", "golden.paid", { orderid: this.id("returned"), data: 1 });
    await this.deliver(this.id("waits-returned"), both);
    await this.offer("returned", both);
    await this.#world.tell({ type: "AbortInstance", instance: this.id("waits-closed") });
    await this.deliver(this.id("waits-closed"), this.event("too late", "golden.paid", { orderid: this.id("closed") }), {
      by: "key",
      wait: "1.event",
      key: this.key("golden.paid", "closed"),
    });
    await offer("expires", "expires");
    await offer("is held for long", "is held for long", "golden.paid");
    for (const n of [1, 2]) await this.start("alone", this.id(`alone-${n}`), { orderid: this.id("one") });
    for (const n of [1, 2]) await this.start("shared", this.id(`shared-${n}`), { orderid: this.id("all") });
    await offer("all", "for all", "golden.opened", "all");
    await this.start("shared", this.id("shared-waits"), { orderid: this.id("later") });
    await this.#world.pass(2 * HOUR_MS);
  }

  /** Branches run in slices; one is cancelled when another counts. */
  async branches(): Promise<void> {
    await this.start("many", this.id("many-ends"), { n: 1 });
    await this.#world.pass(1);
    await this.start("many", this.id("many-more"), { n: 2 });
    await this.#world.pass(1);
  }

  /** Somebody mends instances, asks twice for one, and gives one up. */
  async repairs(): Promise<void> {
    const tell = this.#world.tell.bind(this.#world);
    await this.start("rests", this.id("rests-mended"), { a: 1 }, { reply: asker("start") });
    await this.start("rests", this.id("rests-mended"), { a: 1 }, { reply: asker("the same again") });
    await tell({ type: "MergeData", instance: this.id("rests-mended"), data: { b: 2 } });
    await tell({
      type: "ReplaceData",
      instance: this.id("rests-mended"),
      data: { c: 12345678901234567890n.toString() },
    });
    await tell({ type: "MoveToken", instance: this.id("rests-mended"), to: "Ask", reply: asker("move") });
    await this.start("rests", this.id("rests-fired"), { a: 1 });
    await tell({ type: "FireTimer", instance: this.id("rests-fired"), timer: "1.sleep" });
    await this.start("rests", this.id("rests-on"), { a: 1 });
  }

  /** A workflow starts by itself, misses some starts, and does so no more; another one goes on. */
  async schedules(): Promise<void> {
    const set = { type: "ScheduleWorkflow", instance: "schedule:hourly", workflow: "hourly" } as const;
    await this.#world.tell({ ...set, definition: this.#world.hashOf("hourly") });
    await this.#world.pass(31 * MINUTE_MS);
    await this.#world.pass(4 * HOUR_MS);
    await this.#world.tell(set);
    const stays = { type: "ScheduleWorkflow", instance: "schedule:daily", workflow: "daily" } as const;
    await this.#world.tell({ ...stays, definition: this.#world.hashOf("daily") });
  }

  /** What cannot be decided. */
  async rejections(): Promise<void> {
    await this.#world.write(topics.commands, "no-command", '{"type":"Nothing","text":"ü"}');
    await this.#world.write(topics.correlation, "no-input", "[]");
    await this.start("unknown", this.id("unknown-workflow"));
  }

  /** What is alive is copied forward, and what ended long ago forgotten. */
  async growsOld(): Promise<void> {
    for (let passed = 0; passed < RETENTION.endedMs + RETENTION.logMs; passed += STEP_MS) {
      await this.#world.tell({
        type: "MergeData",
        instance: this.id("rests-on"),
        data: { days: passed / (2 * STEP_MS) },
      });
      await this.#world.tellKey({ type: "CloseWait", key: "nobody", instance: "nobody", wait: "1.event" });
      for (let looks = 0; looks < 4; looks++) await this.#world.pass(STEP_MS / 4);
    }
    await this.start("rests", this.id("rests-anew"));
  }

  async start(workflow: string, instance: string, data: Json = {}, more: object = {}): Promise<void> {
    await this.#world.tell({ type: "StartInstance", instance, workflow, data, headers: { from: "gölden" }, ...more });
  }

  async complete(instance: string, action: string, output?: Json, attempt?: number): Promise<void> {
    const http = { status: 200, headers: { "content-type": "application/json" } };
    await this.#answer(
      instance,
      action,
      { status: "completed", ...(output !== undefined && { output, http }) },
      attempt,
    );
  }

  async failure(instance: string, action: string, attempt?: number): Promise<void> {
    const error = {
      code: "HTTP:500",
      message: "no: ü",
      classes: ["java.lang.RuntimeException", "java.lang.Exception"],
    };
    await this.#answer(instance, action, { status: "failed", error }, attempt);
  }

  async #answer(instance: string, action: string, outcome: ActionOutcome, attempt?: number): Promise<void> {
    const tried = attempt !== undefined && { attempt };
    await this.#world.tell({ type: "CompleteAction", instance, action, ...tried, outcome });
  }

  async deliver(instance: string, event: CloudEvent, found: FoundBy = { by: "instance" }): Promise<void> {
    await this.#world.tell({ type: "DeliverEvent", instance, event, found, reply: asker(event.id) });
  }

  async offer(orderid: string, event: CloudEvent, cardinality: Cardinality = "one"): Promise<void> {
    const bufferMs = 10 * MINUTE_MS;
    const key = this.key(event.type, orderid);
    await this.#world.tellKey({ type: "OfferEvent", key, event, cardinality, bufferMs, reply: asker(event.id) });
  }

  /** A name of this round. */
  id(name: string): string {
    return `${this.#age}-${name}`;
  }

  key(type: string, orderid: string): string {
    const key = correlationKey(TENANT, type, { orderid: this.id(orderid) });
    if (key === undefined) throw new Error(`expected a key of ${type} for ${orderid}, found none`);
    return key;
  }

  event(id: string, type: string, more: JsonObject = {}): CloudEvent {
    return { specversion: "1.0", id: this.id(id), source: "/golden/ü", type, ...more };
  }

  /** The id of the child that an instance has asked for first. */
  async child(parent: string): Promise<string> {
    const records = await this.#world.records();
    const asked = records.find(({ topic, key }) => topic === topics.history && key === parent)?.value;
    const child = /"child":"([^"]+)"/.exec(asked ?? "")?.[1];
    if (child === undefined) throw new Error(`expected a child of ${parent}, found ${asked}`);
    return child;
  }
}

type Cardinality = Extract<CorrelationInput, { type: "OfferEvent" }>["cardinality"];
