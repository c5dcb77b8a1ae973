import { type Decision, formatJson, type Json, type Stamp } from "@antiphon/protocol";
import type { Commit, IndexEntry } from "@antiphon/store";
import type { Answer, Domain } from "./domain.ts";
import { dueEntry } from "./due-index.ts";
import { dueOf, type Entity, resting } from "./entity.ts";
import { evolveAll } from "./evolve-all.ts";
import { Landmarks } from "./landmarks.ts";
import { Sources } from "./sources.ts";
import { type Ledger, readEntity, readLedger, STORED_FORMAT } from "./stored.ts";

/** Where a fold stands: what it goes on from. */
export interface Position {
  /** The offset in the fact topic that the next decision will be expected at. */
  readonly facts: number;
  /** The offset in the input topic that is read next. */
  readonly inputs: number;
}

const LEDGER_KEY = "@ledger";

/**
 * A partition's state, folded up to `position`. What the store does not hold yet is all here (`unsaved`); the rest is a
 * bounded cache. Nothing here reads or writes: it is told, and asked.
 */
export class Fold<State, Input, Event> {
  /** By what its log, and the one of its inputs, are known again. */
  readonly landmarks: Landmarks;
  readonly #domain: Domain<State, Input, Event>;
  readonly #cachedMax: number;
  readonly #unsaved = new Map<string, Entity<State>>();
  readonly #cached = new Map<string, Entity<State>>();
  /** The due entry that the store's list has for an unsaved entity. */
  readonly #savedDue = new Map<string, string>();
  readonly #sources: Sources;
  #answers: { readonly offset: number; readonly answer: Answer }[] = [];
  #facts: number;
  #inputs: number;
  /** The position that the store is known to be at; null: it is empty. */
  #saved: number | null;
  /** The position that the store will be at if the commit that was prepared last comes through. */
  #committing: number | null = null;

  constructor(
    domain: Domain<State, Input, Event>,
    cachedMax: number,
    saved: number | null,
    ledger: string | null,
    start: Position,
  ) {
    this.#domain = domain;
    this.#cachedMax = cachedMax;
    this.#saved = saved;
    const held = ledger === null ? undefined : readLedger(LEDGER_KEY, ledger);
    this.#facts = saved ?? start.facts;
    this.#inputs = held?.inputs ?? start.inputs;
    this.landmarks = new Landmarks(held);
    this.#sources = new Sources(held?.sources);
  }

  static readonly ledgerKey = LEDGER_KEY;
  static storeKey(key: string): string {
    return `=${key}`;
  }

  get position(): Position {
    return { facts: this.#facts, inputs: this.#inputs };
  }

  get savedPosition(): number | null {
    return this.#saved;
  }

  get committingPosition(): number | null {
    return this.#committing;
  }

  get unsavedCount(): number {
    return this.#unsaved.size;
  }

  /** Whether there is anything that the store does not know, positions included. */
  get isSaved(): boolean {
    return this.#saved === this.#facts;
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

  /** Takes in what the store holds of an entity; null: nothing. Throws `UnreadableStoreError`. */
  remember(key: string, value: string | null): void {
    const entity = value === null ? { state: this.#domain.absent } : readEntity<State>(key, value);
    this.#cache(key, entity);
  }

  /** Whether a relay's message has been taken in before. */
  hasSeen(from: Stamp): boolean {
    return this.#sources.hasSeen(from);
  }

  /** What has been taken in from relays, to be carried on by who decides a batch. */
  sources(): Sources {
    return this.#sources.copy();
  }

  /**
   * Takes in a fact; if it cannot be folded, its position alone, and throws why. The entity it is about must be in
   * memory. `after` spares folding it again for who has just decided it.
   */
  apply(offset: number, key: string | null, decision: Decision<Event>, after?: State): void {
    this.#facts = offset + 1;
    this.landmarks.passFact(offset, decision.atMs);
    if (decision.input !== undefined) this.#inputs = decision.input + 1;
    if (decision.from !== undefined) this.#sources.add(decision.from);
    if (decision.rejected !== undefined) {
      this.#answerRejected(offset, decision);
      if (key !== null && decision.input === undefined) this.#rest(key, decision.atMs);
      return;
    }
    if (key === null) return;
    const before = this.#entity(key).state;
    let state = before;
    if (decision.events.length > 0) {
      state = after ?? evolveAll(this.#domain, before, decision.events, decision.atMs);
      this.#unsave(key);
      this.#unsaved.set(key, { state, newest: offset });
    }
    for (const answer of this.#domain.answers(key, decision, before, state)) this.#answers.push({ offset, answer });
  }

  /** The reader has moved past offsets that hold no facts. */
  skipTo(facts: number): void {
    this.#facts = Math.max(this.#facts, facts);
  }

  /** What the store needs to be at this fold's position, and what to call when it is. */
  prepareCommit(): { readonly commit: Commit; readonly done: () => readonly Answer[] } {
    const position = this.#facts;
    this.#committing = position;
    const snapshot = [...this.#unsaved];
    const values = new Map<string, string | null>();
    const added: IndexEntry[] = [];
    const removed: IndexEntry[] = [];
    const due = new Map<string, string | undefined>();
    for (const [key, entity] of snapshot) {
      const isGone = entity.state === this.#domain.absent;
      values.set(Fold.storeKey(key), isGone ? null : formatJson(entity as unknown as Json));
      const was = this.#savedDue.get(key);
      const is = dueEntry(this.dueMs(entity), key);
      due.set(key, is);
      if (was === is) continue;
      if (was !== undefined) removed.push({ index: "due", entry: was });
      if (is !== undefined) added.push({ index: "due", entry: is });
    }
    const ledger: Ledger = {
      format: STORED_FORMAT,
      inputs: this.#inputs,
      sources: this.#sources.state(),
      ...this.landmarks.state(),
    };
    values.set(LEDGER_KEY, formatJson(ledger as unknown as Json));
    const done = (): readonly Answer[] => {
      this.#saved = position;
      for (const [key, entity] of snapshot) {
        const entry = due.get(key);
        if (this.#unsaved.get(key) === entity) {
          this.#unsaved.delete(key);
          this.#savedDue.delete(key);
          this.#cache(key, entity);
        } else if (entry === undefined) this.#savedDue.delete(key);
        else this.#savedDue.set(key, entry);
      }
      const told = this.#answers.filter(({ offset }) => offset < position);
      this.#answers = this.#answers.filter(({ offset }) => offset >= position);
      return told.map(({ answer }) => answer);
    };
    return { commit: { expected: this.#saved, position, values, added, removed }, done };
  }

  /** When an entity wants `ReachTime`, epoch milliseconds; undefined: not at all. */
  dueMs(entity: Entity<State>): number | undefined {
    return dueOf(this.#domain, entity);
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

  #answerRejected(offset: number, { reply, rejected }: Decision<Event>): void {
    if (reply === undefined || rejected === undefined) return;
    const { gateway, request } = reply;
    const answer: Answer = { gateway, reply: { type: "RequestRejected", request, reason: rejected.reason } };
    this.#answers.push({ offset, answer });
  }

  #entity(key: string): Entity<State> {
    const entity = this.#unsaved.get(key) ?? this.#cached.get(key);
    if (entity === undefined) throw new Error(`expected "${key}" in memory before a fact about it, found nothing`);
    return entity;
  }

  #rest(key: string, atMs: number): void {
    const entity = this.#entity(key);
    this.#unsave(key);
    this.#unsaved.set(key, resting(entity, atMs));
  }

  /** An entity is about to change: what the store's list holds for it is remembered. */
  #unsave(key: string): void {
    const cached = this.#cached.get(key);
    if (cached === undefined) return;
    this.#cached.delete(key);
    const entry = dueEntry(this.dueMs(cached), key);
    if (entry !== undefined) this.#savedDue.set(key, entry);
  }

  #cache(key: string, entity: Entity<State>): void {
    this.#cached.set(key, entity);
  }
}
