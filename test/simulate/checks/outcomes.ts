import type { Instance } from "@antiphon/engine";
import { type CloudEvent, type InstanceEvent, isJsonObject, type Json } from "@antiphon/protocol";
import type { Tally } from "../tally.ts";
import type { Logs } from "./partition-facts.ts";

type Data = { readonly [member: string]: Json };

/** What each workflow may have come to. */
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  "by-token": ["done", "late", "failed"],
  "by-id": ["done", "late"],
  "by-key": ["done", "late"],
  announced: ["done", "late"],
  "either-then-both": ["done", "late"],
  trip: ["done", "failed"],
  family: ["done", "late", "failed"],
  mended: ["done"],
  chain: ["done"],
  link: ["done"],
};

/** Every instance has ended as what the services did lets it end. */
export function outcomeProblems(
  instances: ReadonlyMap<string, Instance>,
  started: readonly string[],
  { history }: Logs,
  tally: Tally,
): readonly string[] {
  const problems: string[] = [];
  for (const id of started) {
    // Events that came before its start are kept for one that is absent.
    if ((instances.get(id)?.status ?? "absent") === "absent") problems.push(`instance ${id} was never started`);
  }
  const facts = new Map<string, InstanceEvent[]>();
  for (const { key, decision } of history.flatMap((one) => one.facts)) {
    if (key !== null) facts.set(key, [...(facts.get(key) ?? []), ...decision.events]);
  }
  for (const [id, instance] of instances) {
    if (instance.status === "absent") {
      if (instance.buffer.length > 0) problems.push(`instance ${id} never came, and events are kept for it`);
    } else if (instance.status !== "completed") {
      const why = "error" in instance ? `: ${instance.error.message}` : "";
      problems.push(`instance ${id} of ${instance.workflow} is ${instance.status}${why}`);
    } else {
      const data = isJsonObject(instance.data) ? instance.data : {};
      const wrong = wrongIn(id, instance.workflow, data, facts.get(id) ?? [], tally);
      problems.push(...standingIn(id, instance.tokens));
      problems.push(...wrong.map((what) => `instance ${id} of ${instance.workflow}: ${what}`));
    }
  }
  return problems;
}

type EndedInstance = Extract<Instance, { status: "completed" }>;

/** An instance that has ended shows where it did, and has no branch and no step any more. */
function standingIn(id: string, tokens: EndedInstance["tokens"]): readonly string[] {
  const left = Object.entries(tokens).filter(([name, { step }]) => name !== "main" || step !== undefined);
  return left.map(([name, { state }]) => `instance ${id} has ended, and its token ${name} rests in ${state}`);
}

function wrongIn(id: string, workflow: string, data: Data, facts: readonly InstanceEvent[], tally: Tally): string[] {
  const problems = [...actionProblems(id, facts, tally), ...receiptProblems(id, data, facts)];
  const outcome = String(data["outcome"]);
  if (workflow !== "child" && workflow !== "fragile" && !OUTCOMES[workflow]?.includes(outcome))
    problems.push(`its outcome is ${outcome}`);
  const received = facts.filter(({ type }) => type === "EventReceived").length;
  const wanted: Readonly<Record<string, number>> = {
    "by-token": 1,
    "by-id": 2,
    "by-key": 1,
    announced: 1,
    "either-then-both": 3,
    chain: 1,
    child: 1,
  };
  if (outcome === "done" && wanted[workflow] !== undefined && received !== wanted[workflow]) {
    problems.push(`it is done, and has taken ${received} events`);
  }
  if (outcome === "late" && !facts.some(({ type }) => type === "TimerFired"))
    problems.push("it is late, and no timer has fired");
  if (workflow === "family" && outcome === "done") {
    const { sum, doubled } = data;
    if (JSON.stringify([sum, doubled]) !== '[{"result":42},[{"result":2},{"result":4},{"result":6}]]') {
      problems.push(`it has added up ${JSON.stringify([sum, doubled])}`);
    }
  }
  if (workflow === "mended") problems.push(...mendedProblems(data, facts));
  if (workflow === "trip") problems.push(...tripProblems(outcome, data, facts));
  return problems;
}

/** What it says that a service answered, the service says as well; and what it asked for was asked. */
function actionProblems(id: string, facts: readonly InstanceEvent[], tally: Tally): readonly string[] {
  const problems: string[] = [];
  for (const event of facts) {
    if (event.type !== "ActionCompleted" || event.http === undefined) continue;
    const { status } = event.http;
    const answers = tally.answersTo(`${id}:${event.action}`);
    const isTold = answers.some(
      (answer) => answer.status === status && JSON.stringify(answer.body) === JSON.stringify(event.output),
    );
    if (!isTold)
      problems.push(`action ${event.action} came to ${status} ${JSON.stringify(event.output)}, which nobody answered`);
  }
  const cancelled = new Set(facts.flatMap((event) => (event.type === "ActionCancelled" ? [event.action] : [])));
  for (const event of facts) {
    if (event.type !== "ActionRequested" || cancelled.has(event.action)) continue;
    if (tally.attempts(`${id}:${event.action}`) === 0) problems.push(`action ${event.action} was never attempted`);
  }
  return problems;
}

/** Events that it has taken are for it, and those that count are in its data. */
function receiptProblems(id: string, data: Data, facts: readonly InstanceEvent[]): readonly string[] {
  const order = facts.find((event) => event.type === "InstanceStarted")?.correlation["order"];
  const text = JSON.stringify(data);
  return facts.flatMap((event) => {
    if (event.type !== "EventReceived") return [];
    const { event: taken, found } = event;
    const problems: string[] = [];
    if (found.by === "instance" && taken["kogitoprocrefid"] !== id)
      problems.push(`it took event ${taken.id}, which is for ${String(taken["kogitoprocrefid"])}`);
    if (found.by === "key" && taken["order"] !== order)
      problems.push(`it took event ${taken.id} of order ${String(taken["order"])}, and is of ${order}`);
    if (!isIn(text, taken) && data["outcome"] === "done")
      problems.push(`it took event ${taken.id}, and has nothing of it`);
    return problems;
  });
}

function isIn(text: string, { data }: CloudEvent): boolean {
  return text.includes(JSON.stringify(data ?? null).slice(1, -1));
}

/** However often it was tried again, there was one child, which has done each thing once. */
function mendedProblems({ child }: Data, facts: readonly InstanceEvent[]): readonly string[] {
  const asked = facts.filter(({ type }) => type === "ChildRequested").length;
  const problems = asked === 1 ? [] : [`it has asked for ${asked} children`];
  const brought = isJsonObject(child ?? null) ? (child as Data) : {};
  if (brought["result"] !== 8 || brought["mended"] !== true)
    problems.push(`its child has brought ${JSON.stringify(child)}`);
  return problems;
}

/** Either all three are booked, or those that were are cancelled, or it says that one could not be. */
function tripProblems(outcome: string, data: Data, facts: readonly InstanceEvent[]): readonly string[] {
  const booked = ["flight", "room", "car"].filter((what) => data[what] !== undefined);
  if (outcome === "done") return booked.length === 3 ? [] : [`it is done, and has booked ${booked.join(" and ")}`];
  if (booked.length > 0 && !facts.some(({ type }) => type === "CompensationStarted"))
    return ["it has failed, and nothing was undone"];
  const undone = booked.every((what) => data[`no${what}`] !== undefined);
  return undone || data["kept"] === true ? [] : [`it has failed, and keeps ${booked.join(" and ")}`];
}
