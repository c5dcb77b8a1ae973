import {
  type ChildRequested,
  type ChildRetriggered,
  type Command,
  formatJson,
  type InstanceEvent,
  type Json,
  type ParentAction,
  topics,
} from "@antiphon/protocol";
import type { Origin, Outgoing } from "./outgoing.ts";

type Order<C> = C extends Command ? Omit<C, "from" | "reply"> : never;

/** Names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** The headers that instances get which a decision asks for: they stand with the first of its facts that asks for one. */
export function headersPassedOn(events: readonly InstanceEvent[]): Headers {
  for (const event of events) {
    if (event.type !== "ChildRequested" && event.type !== "InstanceContinued") continue;
    if (event.headers !== undefined) return event.headers;
  }
  return {};
}

/**
 * What instances and schedules tell others: one is started, tried again or given up, a result is brought back, another one
 * goes on. `headers` are what those get that are started.
 */
export function familyOrder(
  instance: string,
  event: InstanceEvent,
  headers: Headers,
): ((origin: Origin) => Outgoing) | undefined {
  const passedOn = { headers, headersPassedOn: true } as const;
  switch (event.type) {
    case "ChildRequested": {
      const {
        child,
        workflow,
        version,
        data,
        variables,
        businessKey,
        hops,
        family,
        action,
        attempt,
        root,
        detached,
        tellsRest,
      } = event;
      const parent = parentOf(instance, { action, attempt, root, tellsRest, detached });
      return order({
        type: "StartInstance",
        instance: child,
        workflow,
        ...(version !== undefined && { version }),
        data,
        ...passedOn,
        ...(variables && { variables }),
        ...(businessKey !== undefined && { businessKey }),
        hops: (hops ?? 0) + 1,
        family: family ?? root.instance,
        parent,
      });
    }
    case "ChildRetriggered":
      return order({ type: "RetriggerInstance", instance: event.child, parent: parentOf(instance, event) });
    case "ActionCancelled":
      return event.child === undefined ? undefined : order({ type: "AbortInstance", instance: event.child });
    case "ResultReturned": {
      const { instance: parent, action, attempt } = event.parent;
      const which = { action, ...(attempt !== undefined && { attempt }) };
      return order({ type: "CompleteAction", instance: parent, ...which, outcome: event.outcome });
    }
    case "RestReported": {
      const { instance: parent, action, attempt } = event.parent;
      return order({ type: "ReportRest", instance: parent, action, ...(attempt !== undefined && { attempt }) });
    }
    case "ScheduleFired": {
      const { instance: started, workflow, definition } = event;
      return order({ type: "StartInstance", instance: started, workflow, definition, data: {}, headers: {} });
    }
    case "InstanceContinued": {
      const { type: _, instance: successor, headers: __, hops = 0, family = instance, ...rest } = event;
      return order({ type: "StartInstance", instance: successor, ...rest, hops: hops + 1, family, ...passedOn });
    }
    default:
      return undefined;
  }
}

/** The action of an instance, as the one that performs it knows it. */
function parentOf(instance: string, { action, attempt, root, tellsRest, detached }: Asking): ParentAction {
  return {
    instance,
    action,
    ...(attempt !== undefined && { attempt }),
    root,
    ...(tellsRest && { tellsRest }),
    ...(detached !== undefined && { detached: true }),
  };
}

/** What a fact says of the action for which it asks another instance. */
type Asking = Pick<ChildRetriggered, "action" | "root"> & {
  readonly attempt?: number | undefined;
  readonly tellsRest?: true | undefined;
  readonly detached?: ChildRequested["detached"] | undefined;
};

function order(command: Order<Command>): (origin: Origin) => Outgoing {
  return (origin) => {
    const value = formatJson({ ...command, from: origin.from } as unknown as Json);
    return { topic: topics.commands, key: command.instance, value, origin };
  };
}
