import { type Instance, openWaits } from "@antiphon/engine";
import type { ParentAction } from "@antiphon/protocol";
import type { InstanceRow } from "./instance-row.ts";
import { shortText } from "./short-text.ts";
import { isTimeout, timedBy } from "./wait-timeout.ts";

/**
 * The row of an instance of which only the state is known, as its decision at `offset` has copied it forward at `atMs`: the
 * same as its facts lead to, as far as the release knew that stored the state. Undefined: it has no row, or has ended.
 */
export function rowOf(
  state: Instance,
  { offset, atMs }: { readonly offset: number; readonly atMs: number },
): InstanceRow | undefined {
  if (state.status !== "active" && state.status !== "faulted") return undefined;
  const { id, workflow, version, definition, businessKey, parent, sinceMs = atMs, updatedMs = atMs } = state;
  const [token] = Object.values(state.tokens);
  const common = {
    id,
    workflow,
    version,
    definition,
    ...(businessKey !== undefined && { businessKey }),
    ...(parent && familyOf(parent)),
    startedMs: sinceMs,
    updatedMs,
    newest: offset,
    ...(token && { state: token.state }),
    deadlines: deadlinesOf(state.timers),
  };
  if (state.status === "active") return { ...common, status: "active", waits: waitsOf(state) };
  const { error, failedMs = updatedMs } = state;
  return { ...common, status: "faulted", endedMs: failedMs, error: shownError(error) };
}

/** The family of an instance, as its row has it. */
export function familyOf({ instance, root }: ParentAction): { readonly parent: string; readonly root: string } {
  return { parent: instance, root: root.instance };
}

/** What a row keeps of an error. */
export function shownError({ code, message, where, child }: Faulted["error"]): FaultedRow["error"] {
  return { code, message: shortText(message), ...(where !== undefined && { where }), ...(child && { child }) };
}

type Faulted = Extract<Instance, { readonly status: "faulted" }>;
type FaultedRow = Extract<InstanceRow, { readonly status: "faulted" }>;
type ActiveRow = Extract<InstanceRow, { readonly status: "active" }>;

/** In the order in which they were opened. */
function waitsOf(state: Instance): ActiveRow["waits"] {
  const open = openWaits(state).toSorted((a, b) => a.sinceMs - b.sinceMs);
  return Object.fromEntries(
    open.map(({ wait, state: name, events, sinceMs }) => [wait, { state: name, events, sinceMs }]),
  );
}

function deadlinesOf(timers: Faulted["timers"]): ActiveRow["deadlines"] {
  const running = Object.entries(timers).filter(([id, { fired }]) => !fired && isTimeout(id));
  return Object.fromEntries(running.map(([id, { dueMs }]) => [timedBy(id), dueMs]));
}
