import type { DecidedFact } from "@antiphon/processor";
import { type ActionRequested, formatJson, type InstanceEvent } from "@antiphon/protocol";

/** A request of the history whose result is not known to be there. */
export interface OpenRequest {
  readonly instance: string;
  readonly requested: ActionRequested;
  readonly offset: number;
  /** Aborts when it is taken off the list, whether its result has come or nobody waits for one any more. */
  readonly closed: AbortSignal;
}

interface Entry extends OpenRequest {
  readonly close: AbortController;
  /** Of its arguments as JSON. */
  readonly bytes: number;
}

/**
 * The requests of one partition from the fact that asks for them until their result, a fold of the history. Of one action
 * there is one at a time: a further attempt takes the place of the one before. One that nobody waits for outlives its
 * instance, unless that is aborted.
 */
export class OpenRequests {
  /** By instance and action. */
  readonly #byInstance = new Map<string, Map<string, Entry>>();
  /** In the order of the history. */
  readonly #all = new Set<Entry>();
  #bytes = 0;

  get size(): number {
    return this.#all.size;
  }

  /** Of all arguments together, as JSON. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The offset of the oldest; undefined: there is none. */
  get oldest(): number | undefined {
    const [first] = this.#all;
    return first?.offset;
  }

  /** In the order of the history. */
  [Symbol.iterator](): Iterator<OpenRequest> {
    return this.#all.values();
  }

  /** Takes in a fact; returns the requests that it makes and that it does not answer itself. */
  take({ key, offset, decision }: DecidedFact<InstanceEvent>): readonly OpenRequest[] {
    if (key === null) return [];
    const opened: OpenRequest[] = [];
    for (const event of decision.events) {
      switch (event.type) {
        case "ActionRequested":
          opened.push(this.#open(key, event, offset));
          break;
        case "ActionCompleted":
        case "ActionFailed":
        case "ActionRetried":
        case "ActionCancelled":
          this.#closeAction(key, event.action);
          break;
        case "InstanceCompleted":
        case "InstanceFaulted":
          this.#closeAll(key, ({ requested }) => !requested.detached);
          break;
        case "InstanceAborted":
          this.#closeAll(key, () => true);
      }
    }
    return opened.filter(({ closed }) => !closed.aborted);
  }

  /** Its result is durable, here or in the history. A further attempt, which may have taken its place, stays open. */
  close(request: OpenRequest): void {
    const { action, attempt } = request.requested;
    const entry = this.#byInstance.get(request.instance)?.get(action);
    if (entry !== undefined && entry.requested.attempt === attempt) this.#close(entry);
  }

  #open(instance: string, requested: ActionRequested, offset: number): Entry {
    this.#closeAction(instance, requested.action);
    const close = new AbortController();
    const bytes = Buffer.byteLength(formatJson(requested.arguments));
    const entry = { instance, requested, offset, closed: close.signal, close, bytes };
    const ofInstance = this.#byInstance.get(instance) ?? new Map();
    this.#byInstance.set(instance, ofInstance.set(requested.action, entry));
    this.#all.add(entry);
    this.#bytes += bytes;
    return entry;
  }

  #closeAction(instance: string, action: string): void {
    const entry = this.#byInstance.get(instance)?.get(action);
    if (entry !== undefined) this.#close(entry);
  }

  #closeAll(instance: string, isMeant: (entry: Entry) => boolean): void {
    for (const entry of this.#byInstance.get(instance)?.values() ?? []) if (isMeant(entry)) this.#close(entry);
  }

  #close(entry: Entry): void {
    const ofInstance = this.#byInstance.get(entry.instance);
    ofInstance?.delete(entry.requested.action);
    if (ofInstance?.size === 0) this.#byInstance.delete(entry.instance);
    this.#all.delete(entry);
    this.#bytes -= entry.bytes;
    entry.close.abort();
  }
}
