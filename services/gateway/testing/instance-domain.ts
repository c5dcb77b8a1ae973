import { absent, compile, decide, dueMs, evolve, fault, type Instance, startAnswer } from "@antiphon/engine";
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
      const hash =
        state.status === "active" ? state.definition : input.type === "StartInstance" ? input.definition : "";
      const definition = definitions.find(hash)?.definition;
      return decide(definition && compile(definition), state, input, { nowMs, callbackUrl });
    },
    evolve,
    dueMs,
    fail: (state, { code, message }) => fault(state, { code, message, classes: [] }),
    answers(key, { reply, events }, before, after) {
      const event = reply && eventAnswer(reply, key, events);
      if (event !== undefined) return [event];
      const to =
        startAnswer(before, after) ?? (events.some(({ type }) => type === "InstanceStarted") ? undefined : reply);
      if (to === undefined) return [];
      if (after.status === "absent" || (events.length === 0 && after.status !== "active")) {
        return [answer(to, { type: "InstanceMissing", instance: key, reason: `the instance is ${after.status}` })];
      }
      const { status, data } = after;
      const error = after.status === "faulted" ? { error: after.error } : {};
      return [answer(to, { type: "InstanceAnswer", instance: key, status, data, ...error })];
    },
  };
}

type Content = Reply extends infer R ? (R extends { request: string } ? Omit<R, "request"> : never) : never;

function answer({ gateway, request }: ReplyTo, content: Content): Answer {
  return { gateway, reply: { ...content, request } };
}

function eventAnswer(to: ReplyTo, instance: string, events: readonly InstanceEvent[]): Answer | undefined {
  for (const event of events) {
    if (event.type === "InstanceStarted" && event.startedBy !== undefined) {
      const { source, id } = event.startedBy;
      return answer(to, { type: "EventAnswer", source, id, disposition: "started", instance });
    }
    if (event.type === "EventReceived" || event.type === "EventBuffered") {
      const { source, id } = event.event;
      const disposition = event.type === "EventReceived" ? "resolved" : "buffered";
      return answer(to, { type: "EventAnswer", source, id, disposition, instance });
    }
    if (event.type === "EventIgnored") {
      const { source, id } = event.event;
      const { disposition, reason, refused } = event;
      return answer(to, {
        type: "EventAnswer",
        source,
        id,
        disposition,
        instance,
        reason,
        ...(refused && { refused }),
      });
    }
  }
  return undefined;
}
