import { Alarm } from "./alarm.ts";
import type { Bell } from "./bell.ts";
import type { Domain } from "./domain.ts";
import { dueBefore, readDueEntry } from "./due-index.ts";
import { dueOf, type Entity } from "./entity.ts";
import type { Fold } from "./fold.ts";
import { load, scanDue } from "./load.ts";
import type { Ports } from "./ports.ts";
import type { StoreWriter } from "./store-writer.ts";

/** How many entities that are due are decided in one turn at most. */
const TIMERS_MAX = 500;
/** How long what is due rests if nothing came of it when it was looked at, milliseconds. */
export const FRUITLESS_REST_MS = 1_000;

/** When the entities of a partition are due, from what memory and the store's list say. */
export class DueTimes<State, Input, Event> implements Disposable {
  readonly #domain: Domain<State, Input, Event>;
  readonly #ports: Ports;
  readonly #space: string;
  readonly #fold: Fold<State, Input, Event>;
  readonly #writer: StoreWriter;
  /** Set to the earliest time that an entity is due. */
  readonly #alarm: Alarm;
  /** The store's list is read (again) once the store is at this position; undefined: it has been. */
  #unread: number | "after this turn" | undefined = "after this turn";
  /** Where the fold stood when what was due was last taken, and up to which time it was taken. */
  #taken: { readonly position: number; readonly nowMs: number } | undefined;

  constructor(
    domain: Domain<State, Input, Event>,
    ports: Ports,
    space: string,
    fold: Fold<State, Input, Event>,
    writer: StoreWriter,
    bell: Bell,
  ) {
    this.#domain = domain;
    this.#ports = ports;
    this.#space = space;
    this.#fold = fold;
    this.#writer = writer;
    this.#alarm = new Alarm(ports.clock, bell);
  }

  /** Whether an entity may be due. */
  get reached(): boolean {
    return this.#alarm.reached;
  }

  /** An entity has come to be this. */
  changed(entity: Entity<State>): void {
    this.#alarm.advance(dueOf(this.#domain, entity) ?? Number.POSITIVE_INFINITY);
  }

  /** After a restore, and after what was due has been taken, the store's list says which time comes next. */
  async readNext(): Promise<void> {
    if (this.#unread === "after this turn") this.#unread = this.#fold.position.facts;
    const { savedPosition } = this.#fold;
    if (this.#unread === undefined || savedPosition === null || savedPosition < this.#unread) return;
    this.#unread = undefined;
    const [first] = await scanDue(this.#ports.store, this.#space, this.#fold, { limit: 1 });
    if (first !== undefined) this.#alarm.advance(this.#afterRest(readDueEntry(first).dueMs));
  }

  /** Keys of entities that are due, from memory and from the store's list; memory knows better where both do. */
  async take(nowMs: number): Promise<readonly string[]> {
    this.#alarm.clear();
    this.#unread = "after this turn";
    const unsaved = this.#fold.entities.dueUnsaved(nowMs, TIMERS_MAX);
    const range = { before: dueBefore(nowMs), limit: TIMERS_MAX };
    const listed = await scanDue(this.#ports.store, this.#space, this.#fold, range);
    const keys = new Set([...unsaved, ...listed.map((entry) => readDueEntry(entry).key)]);
    await load(this.#ports.store, this.#space, this.#fold, keys);
    const hasRemoved = await this.#removeStale(listed);
    const isMore = unsaved.length === TIMERS_MAX;
    this.#alarm.advance(isMore ? this.#afterRest(nowMs) : this.#fold.entities.earliestUnsavedMs(nowMs));
    this.#taken = hasRemoved ? undefined : { position: this.#fold.position.facts, nowMs };
    return [...keys].filter((key) => this.#isDue(key, nowMs));
  }

  [Symbol.dispose](): void {
    this.#alarm.clear();
  }

  /** Where nothing came of what was due, to take it again at once would bring nothing either, again and again. */
  #afterRest(dueMs: number): number {
    const taken = this.#taken;
    const isFruitless = taken?.position === this.#fold.position.facts && dueMs <= taken.nowMs;
    return isFruitless ? Math.max(dueMs, this.#ports.clock.now() + FRUITLESS_REST_MS) : dueMs;
  }

  /** Lines that no entity answers to would stand before the others for ever: another release wrote them, or a fault. */
  async #removeStale(listed: readonly string[]): Promise<boolean> {
    const stale = this.#fold.entities.removeStale(listed);
    if (stale === 0) return false;
    this.#ports.logger.warn(
      { space: this.#space, lines: stale },
      "due times that no entity has are taken from the store",
    );
    await this.#writer.flush();
    return true;
  }

  #isDue(key: string, nowMs: number): boolean {
    const entity = this.#fold.entities.get(key);
    const dueMs = entity && dueOf(this.#domain, entity);
    return dueMs !== undefined && dueMs <= nowMs;
  }
}
