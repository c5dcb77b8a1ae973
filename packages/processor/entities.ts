import { formatJson, type Json } from "@antiphon/protocol";
import type { Commit, IndexEntry } from "@antiphon/store";
import type { Domain } from "./domain.ts";
import { readDueEntry } from "./due-index.ts";
import { dueOf, type Entity } from "./entity.ts";
import { DUE, linesOf, missingFrom } from "./entity-lines.ts";
import { readEntity } from "./stored.ts";

/** What may be in memory of a partition's entities: how many, and how much text (UTF-16 units) they are as JSON. */
export interface EntityLimits {
  readonly count: number;
  readonly units: number;
}

/** An entity in memory, with the units of text that it was when it was read or written, and that its facts have brought since. */
interface Held<State> {
  readonly entity: Entity<State>;
  readonly units: number;
}

type Rules<State> = Pick<Domain<State, never, never>, "absent" | "dueMs" | "overMs">;

const NO_LINES: readonly IndexEntry[] = [];

/** What the store is told of entities, and what to call when it has it. */
interface EntitiesCommit extends Pick<Commit, "added" | "removed"> {
  readonly values: Map<string, string | null>;
  readonly done: () => void;
}

/**
 * The entities of a partition that are in memory. Those that the store does not know yet as they are (`unsaved`) are all
 * here; the rest is a bounded cache.
 */
export class Entities<State> {
  readonly #domain: Rules<State>;
  readonly #cachedMax: EntityLimits;
  readonly #unsaved = new Map<string, Held<State>>();
  /** The one that was used longest ago comes first. */
  readonly #cached = new Map<string, Held<State>>();
  #unsavedUnits = 0;
  #cachedUnits = 0;
  /** The lines that the store's lists have for an unsaved entity. */
  readonly #savedLines = new Map<string, readonly IndexEntry[]>();
  /** Due entries that the store's list has and no entity, to be taken from it with the next commit. */
  #staleDue: readonly string[] = [];

  constructor(domain: Rules<State>, cachedMax: EntityLimits) {
    this.#domain = domain;
    this.#cachedMax = cachedMax;
  }

  static storeKey(key: string): string {
    return `=${key}`;
  }

  /** Whether more is unsaved than may be. */
  exceeds({ count, units }: EntityLimits): boolean {
    return this.#unsaved.size > count || this.#unsavedUnits > units;
  }

  /** Whether the store's list has entries that are to be taken from it. */
  get hasStale(): boolean {
    return this.#staleDue.length > 0;
  }

  get(key: string): Entity<State> | undefined {
    const unsaved = this.#unsaved.get(key);
    if (unsaved !== undefined) return unsaved.entity;
    const cached = this.#cached.get(key);
    if (cached === undefined) return undefined;
    this.#cached.delete(key);
    this.#cached.set(key, cached);
    return cached.entity;
  }

  /** An entity that must be in memory. */
  known(key: string): Entity<State> {
    const held = this.#unsaved.get(key) ?? this.#cached.get(key);
    if (held === undefined) throw new Error(`expected "${key}" in memory before a fact about it, found nothing`);
    return held.entity;
  }

  /** Takes in what the store holds of an entity; null: nothing. Throws `UnreadableStoreError`. */
  remember(key: string, value: string | null): void {
    const entity = value === null ? { state: this.#domain.absent } : readEntity<State>(key, value);
    this.#cache(key, { entity, units: value?.length ?? 0 });
  }

  /** An entity that is in memory has changed, by a fact of so many units. */
  change(key: string, entity: Entity<State>, units: number): void {
    const before = this.#unsaved.get(key);
    const base = before ?? this.#unsave(key);
    this.#unsaved.set(key, { entity, units: (base?.units ?? 0) + units });
    this.#unsavedUnits += units + (before === undefined ? (base?.units ?? 0) : 0);
  }

  /** What the store needs to hold all entities as they are. */
  prepareCommit(): EntitiesCommit {
    const snapshot = [...this.#unsaved];
    const values = new Map<string, string | null>();
    const lines = new Map<string, readonly IndexEntry[]>();
    const added: IndexEntry[] = [];
    // One that an entity has come to have since is not stale.
    const removed: IndexEntry[] = this.#staleDue
      .filter((entry) => this.#isStale(entry))
      .map((entry) => ({ index: "due", entry }));
    this.#staleDue = [];
    for (const [key, { entity }] of snapshot) {
      const isGone = entity.state === this.#domain.absent;
      values.set(Entities.storeKey(key), isGone ? null : formatJson(entity as unknown as Json));
      const was = this.#savedLines.get(key) ?? NO_LINES;
      const is = linesOf(this.#domain, key, entity);
      lines.set(key, is);
      removed.push(...missingFrom(is, was));
      added.push(...missingFrom(was, is));
    }
    const done = (): void => {
      for (const [key, held] of snapshot) {
        this.#saved(key, held, values.get(Entities.storeKey(key))?.length ?? 0, lines.get(key) ?? NO_LINES);
      }
    };
    return { values, added, removed, done };
  }

  /** Whether an unsaved entity that is alive needs facts below an offset. */
  needsUnsaved(below: number): boolean {
    for (const { entity } of this.#unsaved.values()) {
      const { state, since = 0 } = entity;
      if (since < below && state !== this.#domain.absent && this.#domain.overMs?.(state) === undefined) return true;
    }
    return false;
  }

  /** Unsaved entities that are due at a time. */
  dueUnsaved(nowMs: number, limit: number): readonly string[] {
    const keys: string[] = [];
    for (const [key, { entity }] of this.#unsaved) {
      if (keys.length === limit) break;
      if ((dueOf(this.#domain, entity) ?? Number.POSITIVE_INFINITY) <= nowMs) keys.push(key);
    }
    return keys;
  }

  /** The earliest time after `nowMs` at which an unsaved entity is due. */
  earliestUnsavedMs(nowMs: number): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { entity } of this.#unsaved.values()) {
      const dueMs = dueOf(this.#domain, entity);
      if (dueMs !== undefined && dueMs > nowMs) earliest = Math.min(earliest, dueMs);
    }
    return earliest;
  }

  /** Notes the entries of the store's list that the entities in memory do not have, to be taken away; their number. */
  removeStale(listed: readonly string[]): number {
    this.#staleDue = listed.filter((entry) => this.#isStale(entry));
    return this.#staleDue.length;
  }

  /** Lets go of what was used longest ago. Between turns only: within one, all that was loaded stays. */
  trim(): void {
    for (const oldest of this.#cached.keys()) {
      if (this.#cached.size <= this.#cachedMax.count && this.#cachedUnits <= this.#cachedMax.units) return;
      this.#leaveCache(oldest);
    }
  }

  /** The store holds an entity as it was when a commit was prepared, in so many units, with these lines. */
  #saved(key: string, was: Held<State>, units: number, lines: readonly IndexEntry[]): void {
    const is = this.#unsaved.get(key);
    this.#savedLines.delete(key);
    if (is === was) {
      this.#unsaved.delete(key);
      this.#unsavedUnits -= is.units;
      this.#cache(key, { entity: is.entity, units });
      return;
    }
    if (is === undefined) return;
    this.#savedLines.set(key, lines);
    const since = units + is.units - was.units;
    this.#unsaved.set(key, { entity: is.entity, units: since });
    this.#unsavedUnits += since - is.units;
  }

  /** Whether an entry of the store's list is about an entity in memory for which the store has another one, or none. */
  #isStale(entry: string): boolean {
    const { key } = readDueEntry(entry);
    const cached = this.#cached.get(key);
    const lines = cached === undefined ? this.#savedLines.get(key) : linesOf(this.#domain, key, cached.entity);
    if (cached === undefined && !this.#unsaved.has(key)) return false;
    return lines?.some((line) => line.index === DUE && line.entry === entry) !== true;
  }

  /** An entity is about to change: what the store's lists hold for it is remembered. */
  #unsave(key: string): Held<State> | undefined {
    const cached = this.#leaveCache(key);
    if (cached !== undefined) this.#savedLines.set(key, linesOf(this.#domain, key, cached.entity));
    return cached;
  }

  #cache(key: string, held: Held<State>): void {
    this.#leaveCache(key);
    this.#cached.set(key, held);
    this.#cachedUnits += held.units;
  }

  #leaveCache(key: string): Held<State> | undefined {
    const held = this.#cached.get(key);
    if (held === undefined) return undefined;
    this.#cached.delete(key);
    this.#cachedUnits -= held.units;
    return held;
  }
}
