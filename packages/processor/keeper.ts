import { BATCH_BYTES_MAX } from "@antiphon/log";
import type { Checkpoint, JsonObject, PastDecision } from "@antiphon/protocol";
import type { Bell } from "./bell.ts";
import type { Decided } from "./decide-batch.ts";
import type { Domain } from "./domain.ts";
import { dueBefore } from "./due-index.ts";
import { keyOfLine, linesBelow, OVER, SINCE } from "./entity-lines.ts";
import { Fold } from "./fold.ts";
import { pastDecisions } from "./past-decisions.ts";
import type { Ports, Retention } from "./ports.ts";
import { spell } from "./spell.ts";
import { readEntity } from "./stored.ts";

/** How many entities are copied forward, or forgotten, in one turn. */
export const KEPT_MAX = 50;
export const FORGOTTEN_MAX = 500;
/** How often a partition looks for what its log need not hold any longer, and how soon again while there is more. */
export const KEEP_MS = { rest: 5_000, more: 50 } as const;

/** What a turn of the keeper is to write. */
type Found<Event> =
  | { readonly do: "copy"; readonly past: ReadonlyMap<string, readonly PastDecision<Event>[]> }
  | { readonly do: "forget"; readonly keys: readonly string[] }
  | { readonly do: "mark"; readonly from: number };

/**
 * Keeps a partition's log as long as what is alive. Entities that need facts older than the retention are copied forward, a
 * few at a time; once there are none, the partition itself is, and what lies below is let go of, as soon as nobody reads it
 * any more. Entities that ended long ago are forgotten. What it looks up it looks up beside the turns, and what it writes
 * is a decision like any other: of an owner that has missed a fact, it does not count.
 */
export class Keeper<State, Input, Event> {
  readonly #domain: Domain<State, Input, Event>;
  readonly #ports: Ports;
  readonly #retention: Retention;
  readonly #partition: number;
  readonly #space: string;
  readonly #fold: Fold<State, Input, Event>;
  readonly #bell: Bell;
  #found: Found<Event> | undefined;
  #looking = false;
  #nextMs: number;

  constructor(
    domain: Domain<State, Input, Event>,
    ports: Ports,
    retention: Retention,
    partition: number,
    fold: Fold<State, Input, Event>,
    bell: Bell,
  ) {
    this.#domain = domain;
    this.#ports = ports;
    this.#retention = retention;
    this.#partition = partition;
    this.#space = `${domain.factTopic}/${partition}`;
    this.#fold = fold;
    this.#bell = bell;
    this.#nextMs = ports.clock.steady() + KEEP_MS.rest;
  }

  /** When it wants to look next, by the steady clock; while it looks, the bell rings when it has. */
  get nextMs(): number {
    return this.#looking ? Number.POSITIVE_INFINITY : this.#nextMs;
  }

  /** The keys that must be in memory for `take`. */
  get keys(): readonly string[] {
    if (this.#found === undefined || this.#found.do === "mark") return [];
    return this.#found.do === "copy" ? [...this.#found.past.keys()] : this.#found.keys;
  }

  /** Begins to look for something to do, if it is time. */
  look(): void {
    const { clock, logger } = this.#ports;
    if (this.#looking || this.#found !== undefined || clock.steady() < this.#nextMs) return;
    this.#looking = true;
    this.#look()
      .then((found) => {
        this.#found = found;
        this.#nextMs = clock.steady() + (found === undefined ? KEEP_MS.rest : KEEP_MS.more);
      })
      .catch((error: unknown) => {
        this.#nextMs = clock.steady() + KEEP_MS.rest;
        const details = { err: error, topic: this.#domain.factTopic, partition: this.#partition };
        logger.warn(details, "what is alive could not be copied forward; trying again");
      })
      .finally(() => {
        this.#looking = false;
        this.#bell.ring();
      });
  }

  /** What is to be appended now; its `keys` must be in memory. */
  take(nowMs: number): readonly Decided<State, Event, Input>[] {
    const found = this.#found;
    this.#found = undefined;
    switch (found?.do) {
      case undefined:
        return [];
      case "copy":
        return [...found.past].flatMap(([key, past]) => this.#copy(key, past, nowMs) ?? []);
      case "forget":
        return this.#forget(found.keys, nowMs);
      case "mark": {
        const { inputs } = this.#fold.position;
        const partition = { from: found.from, inputs, sources: this.#fold.sources().state() };
        return [spell(null, { atMs: nowMs, events: [], partition })];
      }
    }
  }

  /** The store's list may be behind what has been forgotten already. */
  #forget(listed: readonly string[], nowMs: number): readonly Decided<State, Event, Input>[] {
    const forgotten = listed.filter((key) => {
      const state = this.#fold.entities.get(key)?.state;
      return state !== undefined && this.#domain.overMs?.(state) !== undefined;
    });
    return forgotten.length === 0 ? [] : [spell(null, { atMs: nowMs, events: [], forgotten })];
  }

  #copy(key: string, past: readonly PastDecision<Event>[], nowMs: number): Decided<State, Event, Input> | undefined {
    const entity = this.#fold.entities.get(key);
    if (entity === undefined || entity.state === this.#domain.absent) return undefined;
    const { state, newest, beginning } = entity;
    if (this.#domain.overMs?.(state) !== undefined) return undefined;
    const place = { ...(newest !== undefined && { previous: newest }), ...(beginning !== undefined && { beginning }) };
    const copyOf = (checkpoint: Checkpoint<Event>): Decided<State, Event, Input> =>
      spell(key, { ...place, atMs: nowMs, events: [], checkpoint }, state);
    const json = state as unknown as JsonObject;
    const whole = copyOf({ state: json, ...(past.length > 0 && { history: past }) });
    const copy = whole.sizeBytes <= BATCH_BYTES_MAX ? whole : copyOf({ state: json });
    if (copy.sizeBytes <= BATCH_BYTES_MAX) return copy;
    const details = { topic: this.#domain.factTopic, partition: this.#partition, key };
    const found = `expected at most ${BATCH_BYTES_MAX} bytes, found ${copy.sizeBytes}`;
    this.#ports.logger.error(details, `what is alive cannot be copied forward, and the log not be truncated: ${found}`);
    return undefined;
  }

  async #look(): Promise<Found<Event> | undefined> {
    const { store, clock } = this.#ports;
    const nowMs = clock.now();
    const wanted = this.#fold.olderThan(nowMs - this.#retention.logMs);
    const saved = this.#fold.savedPosition ?? 0;
    if (wanted > (this.#fold.kept ?? 0) && saved >= wanted) {
      const lines = await store.scan(this.#space, SINCE, { before: linesBelow(wanted), limit: KEPT_MAX });
      if (lines.length > 0) return { do: "copy", past: await this.#pastOf(lines.map(keyOfLine)) };
      if (!this.#fold.entities.needsUnsaved(wanted)) return { do: "mark", from: wanted };
    }
    await this.#truncate();
    const before = dueBefore(nowMs - this.#retention.endedMs);
    const over = await store.scan(this.#space, OVER, { before, limit: FORGOTTEN_MAX });
    return over.length === 0 ? undefined : { do: "forget", keys: over.map(keyOfLine) };
  }

  async #pastOf(keys: readonly string[]): Promise<ReadonlyMap<string, readonly PastDecision<Event>[]>> {
    const { log } = this.#ports;
    const place = { topic: this.#domain.factTopic, partition: this.#partition };
    const entries = keys.map(async (key) => {
      const past = this.#domain.keepsHistory ? await pastDecisions<Event>(log, place, await this.#newestOf(key)) : [];
      return [key, past] as const;
    });
    return new Map(await Promise.all(entries));
  }

  async #newestOf(key: string): Promise<number | undefined> {
    const known = this.#fold.entities.get(key);
    if (known !== undefined) return known.newest;
    const { values } = await this.#ports.store.load(this.#space, [Fold.storeKey(key)]);
    return typeof values[0] === "string" ? readEntity<State>(key, values[0]).newest : undefined;
  }

  /** Lets go of what nobody needs: neither what is alive, nor the store, nor who reads the log. */
  async #truncate(): Promise<void> {
    const { log } = this.#ports;
    const { factTopic } = this.#domain;
    const { kept, savedPosition } = this.#fold;
    if (kept === undefined || savedPosition === null) return;
    const { start } = await log.bounds(factTopic, this.#partition);
    if (kept <= start) return;
    const slowest = await this.#retention.slowestReader(this.#partition);
    const before = Math.min(kept, savedPosition, slowest);
    if (before > start) await log.truncate(factTopic, this.#partition, before);
  }
}
