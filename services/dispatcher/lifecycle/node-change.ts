import type { Definition, State } from "@antiphon/definition";
import type { InstanceEvent } from "@antiphon/protocol";

/** What has happened to a node of an instance, as SonataFlow tells it. */
export interface NodeChange {
  /** 1 entered, 2 left, 3 aborted, 6 failed. */
  readonly eventType: 1 | 2 | 3 | 6;
  readonly nodeDefinitionId: string;
  readonly nodeName: string;
  readonly nodeType: string;
  /** Unique within the instance: the visit of a state, or the id of an action or a wait. */
  readonly nodeInstanceId: string;
  readonly workItemId?: string;
}

/** The classes of SonataFlow's nodes that states are made of there. */
const STATE_NODES: Readonly<Record<State["type"], string>> = {
  inject: "ActionNode",
  operation: "CompositeContextNode",
  callback: "CompositeContextNode",
  event: "CompositeContextNode",
  switch: "Split",
  eventSwitch: "Split",
  parallel: "CompositeContextNode",
  foreach: "ForEachNode",
  sleep: "TimerNode",
};

/** The change of a node that a fact is: of a state, of an action outside, of a wait. Undefined: it is none. */
export function nodeChange(event: InstanceEvent, { states }: Definition): NodeChange | undefined {
  switch (event.type) {
    case "StateEntered":
    case "StateLeft": {
      const { state: name, visit } = event;
      const nodeType = STATE_NODES[states[name]?.type ?? "operation"];
      const eventType = event.type === "StateEntered" ? 1 : 2;
      return { eventType, nodeDefinitionId: name, nodeName: name, nodeType, nodeInstanceId: String(visit) };
    }
    case "ActionRequested":
      return action(event.action, 1);
    case "ActionCompleted":
      return action(event.action, 2);
    case "ActionCancelled":
      return action(event.action, 3);
    case "ActionFailed":
      return action(event.action, 6);
    case "ChildRequested":
    case "ChildRetriggered":
      return { ...node(event.action, 1), nodeType: "SubProcessNode" };
    case "EventAwaited":
      return { ...node(event.wait, 1), nodeType: "EventNode" };
    case "EventReceived":
      return { ...node(event.wait, 2), nodeType: "EventNode" };
    case "WaitClosed":
      return { ...node(event.wait, 3), nodeType: "EventNode" };
    default:
      return undefined;
  }
}

function action(id: string, eventType: NodeChange["eventType"]): NodeChange {
  return { ...node(id, eventType), nodeType: "WorkItemNode", workItemId: id };
}

/** Of an id `{visit}.{place}`, the place names the node. */
function node(id: string, eventType: NodeChange["eventType"]): Omit<NodeChange, "nodeType"> {
  const name = id.slice(id.indexOf(".") + 1);
  return { eventType, nodeDefinitionId: name, nodeName: name, nodeInstanceId: id };
}
