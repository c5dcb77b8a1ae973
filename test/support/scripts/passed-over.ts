import { isDeepStrictEqual } from "node:util";
import type { Definition, State } from "@antiphon/definition";
import type { InstanceEvent } from "@antiphon/protocol";
import { hasArrived } from "./arrived.ts";
import { leavesOf, valueAt } from "./leaves.ts";
import type { Received } from "./received.ts";
import { type Part, partsOf } from "./said-parts.ts";

type Fact<T extends InstanceEvent["type"]> = Extract<InstanceEvent, { readonly type: T }>;

/**
 * Compares what definitions name with what their instances recorded and sent. `named`: each argument, each member of data
 * and each attribute that an action, an event or an inject state names, if an instance was in its state. What became of it
 * is in `heard`, what was lost in `lost`: in the record, or between the record and whom it was sent to.
 */
export class PassedOver {
  readonly #received: Received;
  readonly #named = new Set<string>();
  readonly #heard = new Set<string>();
  readonly #lost = new Set<string>();
  /** How many values have been found, by the kind of what said them. */
  readonly found = new Map<string, number>();

  constructor(received: Received) {
    this.#received = received;
  }

  /** What has been lost, and what was not heard of at all: `{workflow} {state}: {what}`. */
  list(): readonly string[] {
    const silent = [...this.#named].filter((name) => !this.#heard.has(name));
    return [...new Set([...this.#lost, ...silent])].toSorted();
  }

  /** Compares one instance. */
  compare(definition: Definition, instance: string, history: readonly InstanceEvent[]): void {
    const visits = new Map(
      history.flatMap((fact) => (fact.type === "StateEntered" ? [[fact.visit, fact.state] as const] : [])),
    );
    for (const name of new Set(visits.values())) {
      const state = definition.states[name];
      if (state !== undefined) this.#name(definition, state);
    }
    history.forEach((fact, at) => {
      if (fact.type === "ActionRequested") {
        this.#compareRequest(definition, partsOfVisit(definition, visits, fact.action), instance, fact);
      }
      if (fact.type === "EventProduced") this.#compareEvent(definition, visits, instance, fact);
      if (fact.type === "MessageLogged") this.#compareMessage(definition, fact);
      if (fact.type === "InstanceContinued") this.#compareContinuation(definition, fact);
      if (fact.type === "StateEntered") this.#compareInject(definition, fact, history.slice(at));
    });
  }

  #name(definition: Definition, state: State): void {
    for (const part of partsOf(definition, state)) {
      for (const { path } of leavesOf(part.says)) this.#named.add(label(definition, part, path));
    }
  }

  #compareRequest(
    definition: Definition,
    parts: readonly Part[],
    instance: string,
    fact: Fact<"ActionRequested">,
  ): void {
    const own = parts.filter(
      ({ kind, action }) =>
        kind === "arguments" &&
        action?.call.kind === "function" &&
        action.call.function.name === fact.function &&
        fact.action.endsWith(`.${action.name}`),
    );
    const kind = definition.functions[fact.function]?.kind ?? "unknown";
    const recorded = this.#match(definition, kind, own, fact.arguments);
    const { says } = recorded ?? {};
    const questions = this.#received.questionsOf(instance, fact.action);
    // What nobody received did not reach its service, which is a case of its script.
    if (recorded === undefined || typeof says !== "object" || says === null || questions.length === 0) return;
    for (const leaf of leavesOf(fact.arguments).filter(({ path: [name = ""] }) => name in says)) {
      if (questions.some((question) => hasArrived(leaf, question))) this.#count(`${kind}, sent`);
      else this.#lost.add(`${label(definition, recorded, leaf.path)} was not sent`);
    }
  }

  #compareEvent(
    definition: Definition,
    visits: Visits,
    instance: string,
    { event, mode }: Fact<"EventProduced">,
  ): void {
    const place = event.id.slice(`${instance}-`.length);
    const ofType = partsOfVisit(definition, visits, place).filter(
      ({ type, action }) =>
        type === event.type && (action === undefined || place.replace(/\/\d+$/, "").endsWith(`.${action.name}`)),
    );
    for (const kind of ["data", "contextAttributes"] as const) {
      const said = kind === "data" ? event.data : event;
      const own = ofType.filter((part) => part.kind === kind);
      const part = this.#match(definition, `event, ${kind}`, own, said);
      const sent = this.#received.eventOf(event.id);
      if (part === undefined || sent === undefined || mode === "data") continue;
      for (const { path } of leavesOf(part.says)) {
        const at = kind === "data" ? ["data", ...path] : path;
        if (isDeepStrictEqual(valueAt(sent, at), valueAt(event, at))) this.#count(`event, ${kind}, sent`);
        else this.#lost.add(`${label(definition, part, path)} was not sent`);
      }
    }
  }

  #compareMessage(definition: Definition, { message }: Fact<"MessageLogged">): void {
    const parts = Object.values(definition.states).flatMap((state) => partsOf(definition, state));
    this.#match(
      definition,
      "sysout",
      parts.filter(({ kind }) => kind === "message"),
      { message },
    );
  }

  #compareContinuation(definition: Definition, { data }: Fact<"InstanceContinued">): void {
    const parts = Object.values(definition.states).flatMap((state) => partsOf(definition, state));
    this.#match(
      definition,
      "continueAs",
      parts.filter(({ kind }) => kind === "continueAs"),
      data,
    );
  }

  /** Injected data is in the first data that is recorded from then on. */
  #compareInject(definition: Definition, { state: name }: Fact<"StateEntered">, later: readonly InstanceEvent[]): void {
    const state = definition.states[name];
    if (state?.type !== "inject") return;
    const data = later.flatMap((fact) => (fact.type === "DataChanged" ? [fact.data] : []));
    const parts = partsOf(definition, state).filter(({ kind }) => kind === "inject");
    for (const recorded of data) this.#match(definition, "inject", parts, recorded, true);
  }

  /** The part of a definition that was recorded, of several the one of which the least is missing. */
  #match(
    definition: Definition,
    kind: string,
    parts: readonly Part[],
    recorded: unknown,
    isOneOfMany = false,
  ): Part | undefined {
    const missing = (part: Part) =>
      leavesOf(part.says).filter(({ path, value }) => !isSaid(value, valueAt(recorded, path)));
    const alike = (part: Part) =>
      leavesOf(part.says).filter(({ path, value }) => isDeepStrictEqual(value, valueAt(recorded, path))).length;
    const size = (part: Part) => leavesOf(part.says).length;
    const [best] = parts.toSorted(
      (one, other) =>
        missing(one).length - missing(other).length || alike(other) - alike(one) || size(other) - size(one),
    );
    if (best === undefined) return undefined;
    const lost = missing(best).map(({ path }) => label(definition, best, path));
    for (const name of isOneOfMany ? [] : lost) this.#lost.add(`${name} was not recorded`);
    for (const { path } of leavesOf(best.says)) {
      const name = label(definition, best, path);
      if (lost.includes(name)) continue;
      this.#heard.add(name);
      this.#count(kind);
    }
    return best;
  }

  #count(kind: string): void {
    this.found.set(kind, (this.found.get(kind) ?? 0) + 1);
  }
}

/** The states that an instance entered, by the numbers of its visits. */
type Visits = ReadonlyMap<number, string>;

/** What the state says in which something happened; `id` begins with the number of the visit. */
function partsOfVisit(definition: Definition, visits: Visits, id: string): readonly Part[] {
  const state = definition.states[visits.get(Number.parseInt(id, 10)) ?? ""];
  return state === undefined ? [] : partsOf(definition, state);
}

function label({ id }: Definition, { state, action, kind }: Part, path: readonly string[]): string {
  return `${id} ${state}${action === undefined ? "" : `/${action.name}`}: ${[kind, ...path].join(".")}`;
}

/** What an expression has in it, in braces or bare; other texts are literals. */
const EXPRESSION = /^[."]|\$|\\\(|\{\{/;

/** Whether what was recorded is what a definition says: a literal as it is (`"0"` is jq, too, for 0), anything for an expression. */
function isSaid(says: unknown, recorded: unknown): boolean {
  if (recorded === undefined) return false;
  if (typeof says !== "string") return isDeepStrictEqual(says, recorded);
  return EXPRESSION.test(says) || says === recorded || says === JSON.stringify(recorded);
}
