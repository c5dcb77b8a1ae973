import type { Clock } from "@antiphon/processor";
import { DEFINITION_WAIT_MS, type Deployment } from "./definitions.ts";

/** The definitions read so far, and who waits for more. */
export class KnownDefinitions {
  readonly #clock: Clock;
  readonly #byHash = new Map<string, Deployment>();
  readonly #current = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  deploy(deployment: Omit<Deployment, "current">): void {
    this.retire(deployment.definition.id);
    this.#byHash.set(deployment.hash, { ...deployment, current: true });
    this.#current.set(deployment.definition.id, deployment.hash);
  }

  retire(workflow: string): void {
    const before = this.current(workflow);
    if (before !== undefined) this.#byHash.set(before.hash, { ...before, current: false });
    this.#current.delete(workflow);
  }

  tellChange(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  find(hash: string): Deployment | undefined {
    return this.#byHash.get(hash);
  }

  current(workflow: string): Deployment | undefined {
    const hash = this.#current.get(workflow);
    return hash === undefined ? undefined : this.#byHash.get(hash);
  }

  named(workflow: string, version?: string): Deployment | undefined {
    const current = this.current(workflow);
    if (version === undefined || current?.definition.version === version) return current;
    return this.all().findLast(({ definition }) => definition.id === workflow && definition.version === version);
  }

  all(): readonly Deployment[] {
    return [...this.#byHash.values()].sort((a, b) => a.sequence - b.sequence);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async until<Found>(look: () => Found | undefined, what: string): Promise<Found> {
    const found = look();
    if (found !== undefined) return found;
    const waiting = Promise.withResolvers<Found>();
    const stop = new AbortController();
    const forget = this.onChange(() => {
      const late = look();
      if (late !== undefined) waiting.resolve(late);
    });
    void this.#clock.sleep(DEFINITION_WAIT_MS, stop.signal).then(() => {
      waiting.reject(
        new Error(`${what}: expected among the deployed definitions within ${DEFINITION_WAIT_MS} ms, found nothing`),
      );
    });
    try {
      return await waiting.promise;
    } finally {
      forget();
      stop.abort();
    }
  }
}
