import assert from "node:assert/strict";
import { type InstanceEvent, refOf } from "@antiphon/protocol";

/** What the facts of one instance have begun and not ended, by the facts alone. Asserts that nothing begins twice. */
export class OpenThings {
  readonly #open = new Set<string>();
  /** Actions that nobody waits for: one may go on when its instance has ended. */
  readonly #detached = new Set<string>();

  /** The ids of one kind, sorted. */
  of(kind: string): readonly string[] {
    return [...this.#open]
      .filter((one) => one.startsWith(`${kind} `))
      .map((one) => one.slice(kind.length + 1))
      .sort();
  }

  /** The same, without what nobody waits for. */
  waitedFor(kind: string): readonly string[] {
    return this.of(kind).filter((id) => kind !== "action" || !this.#detached.has(id));
  }

  /** Whether anything is open that will make an instance go on. */
  get something(): boolean {
    return ["action", "wait", "timer"].some((kind) => this.waitedFor(kind).length > 0);
  }

  take(event: InstanceEvent): void {
    switch (event.type) {
      case "ActionRequested":
      case "ChildRequested":
      case "ChildRetriggered":
        this.#begin(`action ${event.action}`);
        if ("detached" in event && event.detached) this.#detached.add(event.action);
        break;
      case "ActionCompleted":
      case "ActionFailed":
      case "ActionRetried":
      case "ActionCancelled":
        this.#open.delete(`action ${event.action}`);
        break;
      case "EventAwaited":
        this.#begin(`wait ${event.wait}`);
        break;
      case "EventReceived":
        this.#open.delete(`wait ${event.wait}`);
        this.#open.delete(`event ${identityIn(event)}`);
        break;
      case "WaitClosed":
        this.#open.delete(`wait ${event.wait}`);
        break;
      case "TimerStarted":
        this.#begin(`timer ${event.timer}`);
        break;
      case "TimerFired":
      case "TimerCancelled":
        this.#open.delete(`timer ${event.timer}`);
        break;
      case "EventBuffered":
        this.#begin(`event ${identityIn(event)}`);
        break;
      case "EventIgnored":
        if (event.disposition !== "duplicate") this.#open.delete(`event ${identityIn(event)}`);
        break;
      case "BranchStarted":
        this.#begin(`branch ${event.branch}`);
        break;
      case "BranchEnded":
        this.#open.delete(`branch ${event.branch}`);
        break;
      case "StateLeft":
      case "InstanceCompleted":
      case "InstanceAborted":
        // Branches end with their visit.
        for (const branch of this.of("branch")) this.#open.delete(`branch ${branch}`);
        break;
      default:
        break;
    }
  }

  #begin(thing: string): void {
    assert.ok(!this.#open.has(thing), `${thing} begins while it is open`);
    this.#open.add(thing);
  }
}

function identityIn({
  event,
}: Extract<InstanceEvent, { type: `Event${"Received" | "Buffered" | "Ignored"}` }>): string {
  const { source, id } = refOf(event);
  return `${source} ${id}`;
}
