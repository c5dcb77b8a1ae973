import type { CloudEvent, Json } from "@antiphon/protocol";

/** An event that somebody outside has sent for certain. */
export interface Sent {
  readonly event: CloudEvent;
  /** By which way it comes to its wait. */
  readonly by: "token" | "instance" | "key" | "start";
}

/** What services say for themselves that they have done: kept apart from all that the machine keeps. */
export class Tally {
  readonly #sent = new Map<string, Sent>();
  /** By idempotency key: the answers that were given to requests. */
  readonly #answers = new Map<string, { readonly status: number; readonly body: Json | undefined }[]>();

  readonly #attempts = new Map<string, number>();
  /** The ids of instances that were ordered. */
  readonly started: string[] = [];

  /** A request has left a process. */
  attempted(key: string): void {
    this.#attempts.set(key, this.attempts(key) + 1);
  }

  attempts(key: string): number {
    return this.#attempts.get(key) ?? 0;
  }

  sent(sent: Sent): void {
    this.#sent.set(eventName(sent.event), sent);
  }

  answered(key: string, status: number, body: Json | undefined): void {
    this.#answers.set(key, [...(this.#answers.get(key) ?? []), { status, body }]);
  }

  get events(): ReadonlyMap<string, Sent> {
    return this.#sent;
  }

  answersTo(key: string): readonly { readonly status: number; readonly body: Json | undefined }[] {
    return this.#answers.get(key) ?? [];
  }
}

export function eventName({ source, id }: Pick<CloudEvent, "source" | "id">): string {
  return `${source} ${id}`;
}
