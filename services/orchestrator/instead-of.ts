import { fault, type Instance, isTooDeep } from "@antiphon/engine";
import type { Failure } from "@antiphon/processor";
import type { Command, CompleteAction, DeliverEvent, InstanceEvent, Json, WorkflowError } from "@antiphon/protocol";

/**
 * What happens where an order cannot be decided, or only by facts that no record can hold, so that nothing waits for ever
 * for what will not come: an event is refused, and its wait goes on; an action fails; a wait that was to end, or a time
 * that was reached, ends its instance. None: the order is rejected, and whoever gave it is told.
 */
export function insteadOf(
  state: Instance,
  { code, message }: Failure,
  input: Command | undefined,
  decide: (order: Command) => readonly InstanceEvent[],
): readonly InstanceEvent[] {
  const error: WorkflowError = { code, message, classes: ["java.lang.RuntimeException", "java.lang.Exception"] };
  switch (input?.type) {
    case undefined:
    case "RefuseWait":
      return fault(state, error);
    case "CompleteAction":
      return code === "undecidable" ? failedAction(state, input, error, decide) : fault(state, error);
    case "DeliverEvent": {
      const faults = code === "too-large" ? fault(state, error) : [];
      if (code === "too-large" && faults.length === 0) return [];
      return [refusedEvent(state, input, message, code === "undecidable"), ...faults];
    }
    default:
      return code === "too-large" ? fault(state, error) : [];
  }
}

function failedAction(
  state: Instance,
  input: CompleteAction & Command,
  error: WorkflowError,
  decide: (order: Command) => readonly InstanceEvent[],
): readonly InstanceEvent[] {
  try {
    return decide({ ...input, outcome: { status: "failed", error } });
  } catch {
    return fault(state, error);
  }
}

/** The event goes back to where it was matched, or to the dead letters. One that cannot be written down does so without its data. */
function refusedEvent(state: Instance, { event, found }: DeliverEvent, reason: string, goesOn: boolean): InstanceEvent {
  const isOpen = state.status === "active" && found.by === "key" && state.waits[found.wait]?.status === "open";
  const isCut = isTooDeep(event as Json);
  const { data: _, data_base64: __, ...attributes } = event;
  return {
    type: "EventIgnored",
    event: isCut ? (attributes as typeof event) : event,
    disposition: "rejected",
    reason,
    found,
    ...(goesOn && isOpen && { isWaiting: true }),
    ...(isCut && { isCut }),
  };
}
