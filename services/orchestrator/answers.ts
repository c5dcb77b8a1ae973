import { type FaultedInstance, type Instance, leftToUndo, startAnswer } from "@antiphon/engine";
import type { Answer } from "@antiphon/processor";
import type { Decision, InstanceEvent, Reply, ReplyTo } from "@antiphon/protocol";

/** Who is told of a decision, and what: whoever asked for it, and whoever started an instance that now rests. */
export function answersOf(
  key: string,
  { reply, events }: Decision<InstanceEvent>,
  before: Instance,
  after: Instance,
): readonly Answer[] {
  const answers: Answer[] = [];
  if (reply !== undefined && !isAnsweredLater(events)) {
    answers.push(answer(reply, eventAnswer(key, events) ?? instanceAnswer(key, events, after)));
  }
  const first = startAnswer(before, after);
  if (first !== undefined) answers.push(answer(first, stateOf(key, after)));
  return answers;
}

/** Who started it by a request, or was promised an answer, has it when it rests; who sent the event that started it, at once. */
function isAnsweredLater(events: readonly InstanceEvent[]): boolean {
  return events.some((event) => {
    return event.type === "InstanceStarted" ? event.startedBy === undefined : event.type === "AnswerPromised";
  });
}

type Content = Reply extends infer R ? (R extends { request: string } ? Omit<R, "request"> : never) : never;

function answer({ gateway, request }: ReplyTo, content: Content): Answer {
  return { gateway, reply: { ...content, request } };
}

/** What became of an event; undefined: the decision was about none. */
function eventAnswer(instance: string, events: readonly InstanceEvent[]): Content | undefined {
  for (const event of events) {
    switch (event.type) {
      case "InstanceStarted": {
        if (event.startedBy === undefined) break;
        const { source, id } = event.startedBy;
        return { type: "EventAnswer", source, id, disposition: "started", instance };
      }
      case "EventReceived":
      case "EventBuffered": {
        const { source, id } = event.event;
        const disposition = event.type === "EventReceived" ? "resolved" : "buffered";
        return { type: "EventAnswer", source, id, disposition, instance };
      }
      case "EventIgnored": {
        const { source, id } = event.event;
        const { disposition, reason, refused } = event;
        return { type: "EventAnswer", source, id, disposition, instance, reason, ...(refused && { refused }) };
      }
      default:
    }
  }
  return undefined;
}

function instanceAnswer(instance: string, events: readonly InstanceEvent[], after: Instance): Content {
  if (after.status === "absent") return { type: "InstanceMissing", instance, reason: "there is no such instance" };
  if (events.some(({ type }) => type === "StartIgnored") && after.status !== "scheduled") {
    return { type: "InstanceExists", instance, workflow: after.workflow, status: after.status };
  }
  if (after.status !== "active" && after.status !== "faulted" && events.length === 0) {
    return { type: "InstanceMissing", instance, reason: `the instance is ${after.status}` };
  }
  return stateOf(instance, after);
}

function stateOf(instance: string, after: Instance): Content {
  if (after.status === "absent" || after.status === "scheduled")
    throw new Error(`expected instance ${instance} to have started, found nothing of it`);
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
