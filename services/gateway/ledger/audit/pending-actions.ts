import type { Instance } from "@antiphon/engine";
import type { DecidedFact } from "@antiphon/processor";
import { type InstanceEvent, isJsonObject, type Json, parseJson } from "@antiphon/protocol";
import type { Disagreement } from "./disagreement.ts";

/** An action that an instance waits for, and the attempt at it that is under way. */
interface Pending {
  readonly attempt: number;
  /** The offset of the decision that rejected its answer; absent: none did. */
  readonly rejectedAt?: number;
}

/** The actions that instances wait for. One whose answer was rejected can no longer end by itself. */
export class PendingActions {
  readonly #byInstance = new Map<string, Map<string, Pending>>();

  /** How many are under way. */
  get count(): number {
    let count = 0;
    for (const actions of this.#byInstance.values()) count += actions.size;
    return count;
  }

  /** Those that wait for an answer which was rejected. */
  get disagreements(): readonly Disagreement[] {
    return [...this.#byInstance].flatMap(([instance, actions]) =>
      [...actions].flatMap(([action, { rejectedAt }]): readonly Disagreement[] => {
        if (rejectedAt === undefined) return [];
        const found = `one that was rejected, at offset ${rejectedAt} of the history`;
        return [{ kind: "action-without-end", subject: { instance, action }, expected: "an answer", found }];
      }),
    );
  }

  takeHistory({ offset, key: instance, decision }: DecidedFact<InstanceEvent>): void {
    if (decision.rejected !== undefined) this.#reject(offset, decision.rejected.value);
    if (instance === null) return;
    if (decision.checkpoint !== undefined) this.#copy(instance, decision.checkpoint.state as unknown as Instance);
    for (const event of decision.events) this.#take(instance, event);
  }

  /** A copy has all actions; facts before it that are in the log have what was rejected. */
  #copy(instance: string, state: Instance): void {
    const before = this.#byInstance.get(instance);
    this.#byInstance.delete(instance);
    if (state.status !== "active") return;
    const pending = Object.entries(state.actions).filter(([, { status }]) => status === "pending");
    if (pending.length === 0) return;
    const actions = pending.map(([action]): [string, Pending] => {
      const attempt = state.attempts?.[action] ?? 1;
      const known = before?.get(action);
      return [action, known?.attempt === attempt ? known : { attempt }];
    });
    this.#byInstance.set(instance, new Map(actions));
  }

  #take(instance: string, event: InstanceEvent): void {
    switch (event.type) {
      case "ActionRequested":
      case "ChildRequested": {
        if (event.detached) return;
        const actions = this.#byInstance.get(instance) ?? new Map<string, Pending>();
        this.#byInstance.set(instance, actions.set(event.action, { attempt: event.attempt ?? 1 }));
        return;
      }
      case "ActionCompleted":
      case "ActionFailed":
      case "ActionCancelled":
      case "ActionRetried": {
        const actions = this.#byInstance.get(instance);
        actions?.delete(event.action);
        if (actions?.size === 0) this.#byInstance.delete(instance);
        return;
      }
      case "InstanceCompleted":
      case "InstanceAborted":
      case "InstanceFaulted":
        this.#byInstance.delete(instance);
        return;
      default:
    }
  }

  /** An answer that nobody waits for any more may be rejected: it would have changed nothing. */
  #reject(offset: number, order: string): void {
    const read = readOrder(order);
    if (!isJsonObject(read) || read["type"] !== "CompleteAction") return;
    const { instance, action, attempt = 1 } = read;
    const actions = this.#byInstance.get(String(instance));
    const pending = actions?.get(String(action));
    if (pending?.attempt === attempt) actions?.set(String(action), { ...pending, rejectedAt: offset });
  }
}

function readOrder(order: string): Json {
  try {
    return parseJson(order);
  } catch {
    return null;
  }
}
