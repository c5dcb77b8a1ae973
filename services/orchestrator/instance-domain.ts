import { absent, compile, decide, dueMs, evolve, fault, type Instance, type Workflow } from "@antiphon/engine";
import type { Definitions } from "@antiphon/host/definitions";
import type { Domain, Failure, ReachTime } from "@antiphon/processor";
import { type Command, type InstanceEvent, parseJson, readCommand, topics } from "@antiphon/protocol";
import { answersOf } from "./answers.ts";

/** What deciding needs beside the instance and its input. */
export interface InstanceRules {
  readonly definitions: Pick<Definitions, "find" | "get">;
  /** The URL that resolves a wait of an instance that is decided now. */
  callbackUrl(instance: string, wait: string, nowMs: number): string;
}

/** Workflow instances, as what a partition processor runs: commands in, history out. */
export function instanceDomain({ definitions, callbackUrl }: InstanceRules): Domain<Instance, Command, InstanceEvent> {
  const workflows = new Map<string, Workflow>();

  function workflowOf(hash: string): Workflow | undefined {
    const known = workflows.get(hash);
    if (known !== undefined) return known;
    const deployment = definitions.find(hash);
    if (deployment === undefined) return undefined;
    const workflow = compile(deployment.definition);
    workflows.set(hash, workflow);
    return workflow;
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
      const hash = definitionOf(state, input);
      if (hash === undefined || workflowOf(hash) !== undefined) return undefined;
      return definitions.get(hash).then(() => {});
    },
    decide(state, input, nowMs) {
      const hash = definitionOf(state, input);
      const workflow = hash === undefined ? undefined : workflowOf(hash);
      return decide(workflow, state, input, { nowMs, callbackUrl: (id, wait) => callbackUrl(id, wait, nowMs) });
    },
    evolve,
    dueMs,
    fail: failed,
    answers: answersOf,
  };
}

/** The instance faults. An event that would have made its decision too large has a fate of its own. */
function failed(state: Instance, { code, message }: Failure, input?: Command): readonly InstanceEvent[] {
  const facts = fault(state, { code, message, classes: ["java.lang.RuntimeException"] });
  if (facts.length === 0 || input?.type !== "DeliverEvent") return facts;
  const { event, found } = input;
  return [{ type: "EventIgnored", event, disposition: "rejected", reason: message, found }, ...facts];
}

/** The hash of the definition that a decision needs; undefined: it needs none. */
function definitionOf(state: Instance, input: Command | ReachTime): string | undefined {
  if (state.status === "active") return state.definition;
  return state.status === "absent" && input.type === "StartInstance" ? input.definition : undefined;
}
