import { workflowIdInUri } from "@antiphon/definition";
import type { DecidedFact } from "@antiphon/processor";
import type { CloudEvent, InstanceEvent, Json, JsonObject } from "@antiphon/protocol";
import { changedVariables } from "./changed-variables.ts";
import { nodeChange } from "./node-change.ts";
import { dataIn, type Subject } from "./subjects.ts";

/** How an instance stands, by SonataFlow's numbers and by its words. */
const STANDING = {
  active: [1, "Active"],
  completed: [2, "Completed"],
  aborted: [3, "Aborted"],
  error: [5, "Error"],
} as const;

/** What has happened to an instance, by SonataFlow's numbers. */
const CHANGE = { started: 1, ended: 2, retriggered: 4, updated: 5 } as const;

/** Facts that lifecycle events tell of; the others are about messages. */
export function isTold({ type }: InstanceEvent): boolean {
  return TOLD.has(type);
}

const TOLD: ReadonlySet<InstanceEvent["type"]> = new Set([
  ...["InstanceStarted", "InstanceCompleted", "InstanceAborted", "InstanceFaulted", "InstanceRetriggered"],
  ...["DataChanged", "StateEntered", "StateLeft", "ActionRequested", "ChildRequested", "ChildRetriggered"],
  ...["ActionCompleted", "ActionFailed", "ActionCancelled", "EventAwaited", "EventReceived", "WaitClosed"],
] as const satisfies readonly InstanceEvent["type"][]);

/**
 * What a fact tells of its instance, as SonataFlow's data index reads it: `ProcessInstance…DataEvent`s, with ids that are
 * the same whenever they are made: `{instance}-{offset}-{index}`.
 */
export function instanceEvents(
  { key, offset, decision }: DecidedFact<InstanceEvent>,
  subject: Subject,
  serviceUrl: string,
): readonly CloudEvent[] {
  const instance = key ?? "";
  const { definition, started } = subject;
  const eventDate = new Date(decision.atMs).toISOString();
  const who = {
    processId: definition.id,
    processVersion: definition.version,
    processInstanceId: instance,
  };
  let { data: before } = subject;
  const told = decision.events.flatMap((event) => {
    const telling = tellingOf(event, subject, { ...who, eventDate }, before);
    before = dataIn([event]) ?? before;
    return telling;
  });
  return told.map(({ type, data, standing = "Active" }, index) => ({
    specversion: "1.0",
    id: `${instance}-${offset}-${index}`,
    source: `${serviceUrl}/${workflowIdInUri(definition.id)}`,
    type,
    time: eventDate,
    datacontenttype: "application/json",
    kogitoprocinstanceid: instance,
    kogitoprocid: definition.id,
    kogitoprocversion: definition.version,
    kogitoproctype: "SW",
    kogitoprocist: standing,
    ...(started.parent && {
      kogitoparentprociid: started.parent.instance,
      kogitorootprociid: started.parent.root.instance,
      kogitorootprocid: started.parent.root.workflow,
    }),
    ...(started.businessKey !== undefined && { kogitobusinesskey: started.businessKey }),
    data,
  }));
}

interface Telling {
  readonly type: string;
  readonly data: JsonObject;
  /** In SonataFlow's words; absent: `Active`. */
  readonly standing?: string;
}

/** `before` is the data before the fact, where that is known. */
function tellingOf(
  event: InstanceEvent,
  subject: Subject,
  base: JsonObject,
  before: Json | undefined,
): readonly Telling[] {
  const state = (change: keyof typeof CHANGE, standing: keyof typeof STANDING): Telling => {
    const [number, word] = STANDING[standing];
    const data = { ...base, ...familyOf(subject), eventType: CHANGE[change], state: number };
    return { type: "ProcessInstanceStateDataEvent", data, standing: word };
  };
  switch (event.type) {
    case "InstanceStarted":
      return [state("started", "active"), ...variables(base, undefined, event.data)];
    case "InstanceCompleted":
      return [state("ended", "completed")];
    case "InstanceAborted":
      return [state("ended", "aborted")];
    case "InstanceRetriggered":
      return [state("retriggered", "active")];
    case "InstanceFaulted": {
      const { message: errorMessage, where = "" } = event.error;
      const data = { ...base, nodeDefinitionId: where, errorMessage };
      return [state("updated", "error"), { type: "ProcessInstanceErrorDataEvent", data, standing: "Error" }];
    }
    case "DataChanged":
      // What a branch has of its own is no variable of the instance.
      return event.branch === undefined ? variables(base, before, event.data) : [];
    default: {
      const node = nodeChange(event, subject.definition);
      const data = node && {
        ...base,
        ...node,
        nodeInstanceId: `${String(base.processInstanceId)}-${node.nodeInstanceId}`,
      };
      return data === undefined ? [] : [{ type: "ProcessInstanceNodeDataEvent", data }];
    }
  }
}

function variables(base: JsonObject, before: Json | undefined, after: Json): readonly Telling[] {
  return changedVariables(before, after).map(([name, variableValue]) => {
    const data = { ...base, variableId: name, variableName: name, variableValue };
    return { type: "ProcessInstanceVariableDataEvent", data };
  });
}

function familyOf({ definition, started }: Subject): JsonObject {
  const { parent, businessKey } = started;
  return {
    processName: definition.name,
    processType: "SW",
    ...(businessKey !== undefined && { businessKey }),
    ...(parent && {
      parentInstanceId: parent.instance,
      rootProcessInstanceId: parent.root.instance,
      rootProcessId: parent.root.workflow,
    }),
    ...(started.startedBy && { cloudEventId: started.startedBy.id, cloudEventSource: started.startedBy.source }),
  };
}
