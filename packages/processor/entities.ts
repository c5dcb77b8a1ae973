import { formatJson, type Json } from "@antiphon/protocol";
import type { Commit, IndexEntry } from "@antiphon/store";
import type { Domain } from "./domain.ts";
import { dueOf, type Entity, resting } from "./entity.ts";
import { linesOf, missingFrom } from "./entity-lines.ts";
import { readEntity } from "./stored.ts";

type Rules<State> = Pick<Domain<State, unknown, never>, "absent" | "dueMs" | "overMs">;

const NO_LINES: readonly IndexEntry[] = [];

/**
 * A partition's entities that are in memory. What the store does not hold yet is all here (*unsaved*); the rest is a bounded
 * cache of what it does.
 */
export class Entities<State> {
  readonly #rules: Rules<State>;
  readonly #cachedMax: number;
  readonly #unsaved = new Map<string, Entity<State>>();
  readonly #cached = new Map<string, Entity<State>>();
  /** The lines that the store's lists have for an unsaved entity. */
  readonly #savedLines = new Map<string, readonly IndexEntry[]>();

  constructor(rules: Rules<State>, cachedMax: number) {
    this.#rules = rules;
    this.#cachedMax = cachedMax;
  }

  static storeKey(key: string): string {
    return `=${key}`;
  }

  get unsavedCount(): number {
    return this.#unsaved.size;
  }

  get(key: string): Entity<State> | undefined {
    const unsaved = this.#unsaved.get(key);
    if (unsaved !== undefined) return unsaved;
    const cached = this.#cached.get(key);
    if (cached !== undefined) {
      this.#cached.delete(key);
      this.#cached.set(key, cached);
    }
    return cached;
  }

  /** An entity that must be in memory. */
  known(key: string): Entity<State> {
    const entity = this.#unsaved.get(key) ?? this.#cached.get(key);
    if (entity === undefined) throw new Error(`expected "${key}" in memory before a fact about it, found nothing`);
    return entity;
  }

  /** Takes in what the store holds of an entity; null: nothing. Throws `UnreadableStoreError`. */
  remember(key: string, value: string | null): void {
    this.#cached.set(key, value === null ? { state: this.#rules.absent } : readEntity<State>(key, value));
  }

  /** An entity has become another than the store holds. */
  change(key: string, entity: Entity<State>): void {
    const cached = this.#cached.get(key);
    if (cached !== undefined) {
      this.#cached.delete(key);
      this.#savedLines.set(key, linesOf(this.#rules, key, cached));
    }
    this.#unsaved.set(key, entity);
  }

  /** An entity's time could not be decided: it rests. */
  rest(key: string, atMs: number): void {
    this.change(key, resting(this.known(key), atMs));
  }

  /** What a commit has to say of what is unsaved, and what to call when the store holds that. */
  prepareCommit() {
    const snapshot = [...this.#unsaved];
    const values = new Map<string, string | null>();
    const added: IndexEntry[] = [];
    const removed: IndexEntry[] = [];
    const lines = new Map<string, readonly IndexEntry[]>();
    for (const [key, entity] of snapshot) {
      const isGone = entity.state === this.#rules.absent;
      values.set(Entities.storeKey(key), isGone ? null : formatJson(entity as unknown as Json));
      const was = this.#savedLines.get(key) ?? NO_LINES;
      const is = linesOf(this.#rules, key, entity);
      lines.set(key, is);
      removed.push(...missingFrom(is, was));
      added.push(...missingFrom(was, is));
    }
    const done = (): void => {
      for (const [key, entity] of snapshot) {
        if (this.#unsaved.get(key) === entity) {
          this.#unsaved.delete(key);
          this.#savedLines.delete(key);
          this.#cached.set(key, entity);
        } else this.#savedLines.set(key, lines.get(key) ?? NO_LINES);
      }
    };
    const commit: Pick<Commit, "added" | "removed"> & { readonly values: Map<string, string | null> } = {
      values,
      added,
      removed,
    };
    return { commit, done };
  }

  /** When an entity wants `ReachTime`, epoch milliseconds; undefined: not at all. */
  dueMs(entity: Entity<State>): number | undefined {
    return dueOf(this.#rules, entity);
  }

  /** Whether an unsaved entity that is alive needs facts below an offset. */
  needsUnsaved(below: number): boolean {
    for (const { state, since = 0 } of this.#unsaved.values()) {
      if (since < below && state !== this.#rules.absent && this.#rules.overMs?.(state) === undefined) return true;
    }
    return false;
  }

  /** Unsaved entities that are due at a time. */
  dueUnsaved(nowMs: number, limit: number): readonly string[] {
    const keys: string[] = [];
    for (const [key, entity] of this.#unsaved) {
      if (keys.length === limit) break;
      if ((this.dueMs(entity) ?? Number.POSITIVE_INFINITY) <= nowMs) keys.push(key);
    }
    return keys;
  }

  /** The earliest time after `nowMs` at which an unsaved entity is due. */
  earliestUnsavedMs(nowMs: number): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const entity of this.#unsaved.values()) {
      const dueMs = this.dueMs(entity);
      if (dueMs !== undefined && dueMs > nowMs) earliest = Math.min(earliest, dueMs);
    }
    return earliest;
  }

  /** Lets go of what was used longest ago. Between turns only: within one, all that was loaded stays. */
  trim(): void {
    for (const oldest of this.#cached.keys()) {
      if (this.#cached.size <= this.#cachedMax) return;
      this.#cached.delete(oldest);
    }
  }
}
