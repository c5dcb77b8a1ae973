import type { JsonObject, RedriveOutcome } from "@antiphon/protocol";
import type { Gateway } from "../gateway.ts";
import { findDeadLetter, LETTER_FILTERS, listDeadLetters } from "../queries/dead-letters.ts";
import { LIMIT_MAX } from "../queries/paging.ts";
import { iso, readParameters } from "../queries/parameters.ts";
import type { Job } from "./jobs.ts";
import { redrive } from "./redrive.ts";

/** How many letters a job sends at a time. */
export const REDRIVES_AT_ONCE = 8;
/** How many failures a job tells in full. */
export const FAILURES_TOLD_MAX = 20;

/**
 * Sends all open letters of a filter through again, those that are there when it begins. It lives in this process: when
 * that ends, the rest stays as it is, and another job goes on with it. A letter that two jobs send is no event twice.
 */
export class RedriveJob implements Job {
  readonly kind = "redrive";
  readonly #gateway: Gateway;
  readonly #filter: Readonly<Record<string, string>>;
  readonly #outcomes: Partial<Record<RedriveOutcome["result"], number>> = {};
  readonly #failures: { readonly id: string; readonly detail: string }[] = [];
  #failed = 0;

  /** A 400 if the filter is none. */
  constructor(gateway: Gateway, query: unknown) {
    const { before } = readParameters(query, LETTER_FILTERS);
    this.#gateway = gateway;
    // A letter that is put aside again while this goes on is not sent a second time.
    const beforeMs = Math.min(before ?? Number.POSITIVE_INFINITY, gateway.ports.clock.now() + 1);
    this.#filter = { ...(query as Record<string, string>), before: iso(beforeMs) };
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#gateway.freshness.caughtUp();
    let cursor: string | undefined;
    do {
      const page = { ...this.#filter, state: "open", limit: String(LIMIT_MAX), ...(cursor && { cursor }) };
      const { items, next } = await listDeadLetters(this.#gateway.ports, page);
      const ids = items.map(({ id }) => String(id));
      const worker = async (): Promise<void> => {
        for (let id = ids.shift(); id !== undefined && !signal.aborted; id = ids.shift()) await this.#send(id);
      };
      await Promise.all(Array.from({ length: REDRIVES_AT_ONCE }, worker));
      cursor = next;
    } while (cursor !== undefined && !signal.aborted);
  }

  progress(): JsonObject {
    const sent = Object.values(this.#outcomes).reduce((sum, count) => sum + count, 0);
    return {
      filter: this.#filter,
      sent,
      outcomes: { ...this.#outcomes },
      failed: this.#failed,
      ...(this.#failures.length > 0 && { failures: this.#failures.map((failure) => ({ ...failure })) }),
    };
  }

  async #send(id: string): Promise<void> {
    try {
      const { result } = await redrive(this.#gateway, await findDeadLetter(this.#gateway.ports, id));
      this.#outcomes[result] = (this.#outcomes[result] ?? 0) + 1;
    } catch (error) {
      this.#failed += 1;
      if (this.#failures.length < FAILURES_TOLD_MAX) this.#failures.push({ id, detail: (error as Error).message });
    }
  }
}
