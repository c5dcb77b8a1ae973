import { type Command, formatJson, type InstanceEvent, type Json, topics } from "@antiphon/protocol";
import type { Origin, Outgoing } from "./outgoing.ts";

type Order<C> = C extends Command ? Omit<C, "from" | "reply"> : never;

/** What instances and schedules tell others: one is started or given up, a result is brought back, another one goes on. */
export function familyOrder(instance: string, event: InstanceEvent): ((origin: Origin) => Outgoing) | undefined {
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
        action,
        attempt,
        root,
        detached,
        tellsRest,
      } = event;
      const which = { action, ...(attempt !== undefined && { attempt }) };
      const parent = { instance, ...which, root, ...(tellsRest && { tellsRest }) };
      return order({
        type: "StartInstance",
        instance: child,
        workflow,
        ...(version !== undefined && { version }),
        data,
        headers: {},
        ...(variables && { variables }),
        ...(businessKey !== undefined && { businessKey }),
        ...(hops !== undefined && { hops }),
        ...(detached === undefined && { parent }),
      });
    }
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
      const { type: _, instance: successor, ...rest } = event;
      return order({ type: "StartInstance", instance: successor, headers: {}, ...rest });
    }
    default:
      return undefined;
  }
}

function order(command: Order<Command>): (origin: Origin) => Outgoing {
  return (origin) => {
    const value = formatJson({ ...command, from: origin.from } as unknown as Json);
    return { topic: topics.commands, key: command.instance, value, origin };
  };
}
