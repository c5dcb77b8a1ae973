import { isDeepStrictEqual } from "node:util";
import { type ConfigurationTexts, configured } from "@antiphon/definition";
import type { Clock } from "@antiphon/processor";
import { DEFINITION_WAIT_MS, type Deployment } from "./definitions.ts";
import type { Refusal } from "./refusal.ts";

/** The definitions read so far, and who waits for more. */
export class KnownDefinitions {
  readonly #clock: Clock;
  readonly #env: Readonly<Record<string, string>>;
  readonly #byHash = new Map<string, Deployment>();
  readonly #current = new Map<string, string>();
  /** The newest configuration of each workflow. */
  readonly #configurations = new Map<string, ConfigurationTexts>();
  /** What could not be deployed, by file. */
  readonly #refusals = new Map<string, Refusal>();
  readonly #listeners = new Set<() => void>();
  /** What to call when there may be more to see: after a change, or when the reader has moved on. */
  readonly #watchers = new Set<() => void>();
  /** The offset up to which the log of definitions has been read. */
  #position = 0;

  /** `env` fills and overrides the properties of definitions. */
  constructor(clock: Clock, env: Readonly<Record<string, string>>) {
    this.#clock = clock;
    this.#env = env;
  }

  /** Takes in a deployment, whose configuration is from now on that of all versions of its workflow: at the next `tellChange`. */
  deploy(deployment: Omit<Deployment, "current">): void {
    const { id } = deployment.definition;
    this.retire(id);
    for (const refusal of this.refusals()) if (refusal.id === id) this.#refusals.delete(refusal.file);
    this.#byHash.set(deployment.hash, { ...deployment, current: true });
    this.#current.set(id, deployment.hash);
    this.#configurations.set(id, deployment.configuration);
  }

  refuse(refusal: Refusal): void {
    this.#refusals.set(refusal.file, refusal);
  }

  refusals(): readonly Refusal[] {
    return [...this.#refusals.values()];
  }

  retire(workflow: string): void {
    const before = this.current(workflow);
    if (before !== undefined) this.#byHash.set(before.hash, { ...before, current: false });
    this.#current.delete(workflow);
  }

  tellChange(): void {
    for (const deployment of this.#byHash.values()) this.#configure(deployment);
    for (const listener of [...this.#listeners]) listener();
    this.#wake();
  }

  /** The log has been read up to this offset. */
  moveTo(position: number): void {
    this.#position = position;
    this.#wake();
  }

  /** Whether the log has been read up to this offset. */
  hasRead(position: number): boolean {
    return this.#position >= position;
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #configure(deployment: Deployment): void {
    const { hash, definition, bundle } = deployment;
    const configuration = this.#configurations.get(definition.id) ?? deployment.configuration;
    if (configuration === deployment.configuration) return;
    const isSame = isDeepStrictEqual(configuration, deployment.configuration);
    const parts = { content: bundle, configuration };
    this.#byHash.set(hash, {
      ...deployment,
      configuration,
      definition: isSame ? definition : configured(definition, parts, this.#env),
    });
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
    const watcher = () => {
      const late = look();
      if (late !== undefined) waiting.resolve(late);
    };
    this.#watchers.add(watcher);
    void this.#clock.sleep(DEFINITION_WAIT_MS, stop.signal).then(() => {
      waiting.reject(
        new Error(`${what}: expected among the deployed definitions within ${DEFINITION_WAIT_MS} ms, found nothing`),
      );
    });
    try {
      return await waiting.promise;
    } finally {
      this.#watchers.delete(watcher);
      stop.abort();
    }
  }
}
