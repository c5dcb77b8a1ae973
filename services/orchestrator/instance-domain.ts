import {
  absent,
  compile,
  type Decided,
  decideAndFold,
  dueMs,
  endedMs,
  evolve,
  evolveAll,
  type Instance,
  type Workflow,
} from "@antiphon/engine";
import { deriveId, SchemaChecks } from "@antiphon/host";
import type { Definitions, Deployment } from "@antiphon/host/definitions";
import type { Domain, ReachTime } from "@antiphon/processor";
import {
  type Command,
  type InstanceEvent,
  type Json,
  type JsonObject,
  parseJson,
  readCommand,
  topics,
} from "@antiphon/protocol";
import { answersOf } from "./answers.ts";
import { Families } from "./families.ts";
import { insteadOf } from "./instead-of.ts";

/** What deciding needs beside the instance and its input. */
export interface InstanceRules {
  readonly definitions: Pick<Definitions, "find" | "named" | "newest">;
  /** The URL that resolves a wait of an instance that is decided now. */
  callbackUrl(instance: string, wait: string, nowMs: number): string;
  /** After how many steps the rest of a long decision is left to a further one. Absent: as many as are good for all. */
  readonly sliceSteps?: number;
  /** Hears of each decision. */
  readonly appended?: NonNullable<InstanceDomain["appended"]>;
}

type InstanceDomain = Domain<Instance, Command, InstanceEvent>;

/** Workflow instances, as what a partition processor runs: commands in, history out. */
export function instanceDomain({ definitions, callbackUrl, sliceSteps, appended }: InstanceRules): InstanceDomain {
  /** By definition, of which there is another one whenever the configuration of the workflow changes. */
  const workflows = new WeakMap<Deployment["definition"], Workflow>();
  const schemas = new SchemaChecks();
  const families = new Families();
  /** The decision that was made last: the instance as it leaves it is not folded again. */
  let last: (Decided & { readonly before: Instance; readonly nowMs: number }) | undefined;

  function conforms(schema: JsonObject, data: Json): string | undefined {
    const problems = schemas.check(schema, data).map(({ pointer, message }) => `${pointer || "/"} ${message}`);
    return problems.length === 0 ? undefined : `There are JsonSchema validation errors: ${problems.join("; ")}`;
  }

  function workflowOf(hash: string): Workflow | undefined {
    const definition = definitions.find(hash)?.definition;
    if (definition === undefined) return undefined;
    const known = workflows.get(definition);
    if (known !== undefined) return known;
    const workflow = compile(definition);
    workflows.set(definition, workflow);
    return workflow;
  }

  function find(pin: Pin): Deployment | undefined {
    return typeof pin === "string" ? definitions.find(pin) : definitions.named(pin.workflow, pin.version);
  }

  function decideAt(state: Instance, input: Command | ReachTime, nowMs: number): readonly InstanceEvent[] {
    const pin = pinOf(state, input);
    const hash = pin && find(pin)?.hash;
    const workflow = hash === undefined ? undefined : workflowOf(hash);
    const pinned = input.type === "StartInstance" && hash !== undefined ? { ...input, definition: hash } : input;
    const decided = decideAndFold(workflow, state, pinned, {
      nowMs,
      clock: () => performance.now(),
      ...(sliceSteps !== undefined && { sliceSteps }),
      callbackUrl: (id, wait) => callbackUrl(id, wait, nowMs),
      childId: (id, action) => deriveId(`${id}/${action}`),
      conforms,
      refusesStart: (family, hops) => families.refuses(family, hops, nowMs),
      refusesEvent: (family) => families.refusesEvent(family, nowMs),
    });
    last = { ...decided, before: state, nowMs };
    return decided.events;
  }

  function evolvedBy(before: Instance, events: readonly InstanceEvent[], atMs: number): Instance {
    const isLast = last?.events === events && last.before === before && last.nowMs === atMs;
    return (isLast ? last?.after : undefined) ?? evolveAll(before, events, atMs);
  }

  return {
    inputTopic: topics.commands,
    factTopic: topics.history,
    absent,
    read({ value }) {
      const command = readCommand(parseJson(value ?? ""));
      const { instance, from, reply } = command;
      return { key: instance, input: command, ...(from && { from }), ...(reply && { reply }) };
    },
    prepare(state, input) {
      const pin = pinOf(state, input);
      if (pin === undefined || find(pin) !== undefined) return undefined;
      // Who names a definition has seen it in the log: what has read all of that knows it, or there is none.
      return definitions.newest().then(() => {
        // Who asked for a name that means nothing is told by the decision.
        if (typeof pin !== "string" || find(pin) !== undefined) return;
        throw new Error(`definition ${pin}: expected among the deployed definitions, found nothing`);
      });
    },
    decide: decideAt,
    evolve,
    evolveAll: evolvedBy,
    isBeginning: ({ type }) => type === "InstanceStarted",
    dueMs,
    overMs: endedMs,
    keepsHistory: true,
    fail: (state, failure, nowMs, input) => insteadOf(state, failure, input, (order) => decideAt(state, order, nowMs)),
    answers: answersOf,
    ...(appended && { appended }),
  };
}

/** What says which definition a decision needs; undefined: it needs none. */
function pinOf(state: Instance, input: Command | ReachTime): Pin | undefined {
  if (state.status === "active" || state.status === "faulted") return state.definition;
  if (input.type === "ScheduleWorkflow") return input.definition;
  if (state.status !== "absent" || input.type !== "StartInstance") return undefined;
  return input.definition ?? input;
}

/** A content hash, or the name of a workflow, whose newest definition is meant. */
type Pin = string | { readonly workflow: string; readonly version?: string };
