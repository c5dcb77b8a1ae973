import {
  absent,
  compile,
  decide,
  dueMs,
  evolve,
  evolveAll,
  type FaultedInstance,
  fault,
  type Instance,
  leftToUndo,
  startAnswer,
} from "@antiphon/engine";
import { deriveId } from "@antiphon/host";
import type { Definitions } from "@antiphon/host/definitions";
import type { Answer, Domain } from "@antiphon/processor";
import {
  type Command,
  type InstanceEvent,
  parseJson,
  type Reply,
  type ReplyTo,
  readCommand,
  topics,
} from "@antiphon/protocol";

/** Workflow instances for tests: the engine, answering as an orchestrator does. */
export function testDomain(
  definitions: Definitions,
  callbackUrl: (instance: string, wait: string) => string,
): Domain<Instance, Command, InstanceEvent> {
  return {
    inputTopic: topics.commands,
    factTopic: topics.history,
    absent,
    read({ value }) {
      const command = readCommand(parseJson(value ?? ""));
      return { key: command.instance, input: command, ...(command.reply && { reply: command.reply }) };
    },
    decide(state, input, nowMs) {
      const definition = definitions.find(hashOf(state, input) ?? "")?.definition;
      const env = { nowMs, callbackUrl, childId: (id: string, action: string) => deriveId(`${id}/${action}`) };
      return decide(definition && compile(definition), state, input, env);
    },
    evolve,
    evolveAll,
    dueMs,
    fail: (state, { code, message }) => fault(state, { code, message, classes: [] }),
    answers(key, { reply, events }, before, after) {
      const answers: Answer[] = [];
      const isLater = events.some((event) => {
        return event.type === "InstanceStarted" ? event.startedBy === undefined : event.type === "AnswerPromised";
      });
      if (reply !== undefined && !isLater) answers.push(answer(reply, contentOf(key, events, after)));
      const first = startAnswer(before, after);
      if (first !== undefined) answers.push(answer(first, stateOf(key, after)));
      return answers;
    },
  };
}

function hashOf(state: Instance, input: { readonly type: string; readonly definition?: string }): string | undefined {
  return state.status === "active" || state.status === "faulted" ? state.definition : input.definition;
}

type Content = Reply extends infer R ? (R extends { request: string } ? Omit<R, "request"> : never) : never;

function answer({ gateway, request }: ReplyTo, content: Content): Answer {
  return { gateway, reply: { ...content, request } };
}

function contentOf(instance: string, events: readonly InstanceEvent[], after: Instance): Content {
  const told = eventAnswer(instance, events);
  if (told !== undefined) return told;
  if (after.status === "absent" || after.status === "scheduled") {
    return { type: "InstanceMissing", instance, reason: `the instance is ${after.status}` };
  }
  if (events.some(({ type }) => type === "StartIgnored")) {
    return { type: "InstanceExists", instance, workflow: after.workflow, status: after.status };
  }
  if (events.length === 0 && after.status !== "active" && after.status !== "faulted") {
    return { type: "InstanceMissing", instance, reason: `the instance is ${after.status}` };
  }
  return stateOf(instance, after);
}

function stateOf(instance: string, after: Instance): Content {
  if (after.status === "absent" || after.status === "scheduled") throw new Error(`expected ${instance} to be there`);
  const { status, data } = after;
  return {
    type: "InstanceAnswer",
    instance,
    status,
    data,
    ...(status === "faulted" && failureOf(after)),
    ...("compensation" in after && after.compensation !== undefined && { leftToUndo: leftToUndo(after) }),
  };
}

function failureOf({ error, tokens }: FaultedInstance) {
  const [token] = Object.values(tokens);
  return { error, ...(token && { failedState: token.state }) };
}

function eventAnswer(instance: string, events: readonly InstanceEvent[]): Content | undefined {
  for (const event of events) {
    if (event.type === "InstanceStarted" && event.startedBy !== undefined) {
      const { source, id } = event.startedBy;
      return { type: "EventAnswer", source, id, disposition: "started", instance };
    }
    if (event.type === "EventReceived" || event.type === "EventBuffered") {
      const { source, id } = event.event;
      const disposition = event.type === "EventReceived" ? "resolved" : "buffered";
      return { type: "EventAnswer", source, id, disposition, instance };
    }
    if (event.type === "EventIgnored") {
      const { source, id } = event.event;
      const { disposition, reason, refused } = event;
      return { type: "EventAnswer", source, id, disposition, instance, reason, ...(refused && { refused }) };
    }
  }
  return undefined;
}
