/** How long it is remembered what an instance has led to, milliseconds. */
export const FAMILY_MS = 3_600_000;

/**
 * What one instance may lead to in that time, in one process. A start costs the square of its distance from the beginning:
 * what an instance starts itself is cheap, and may be hundreds of thousands; what multiplies goes far from it at once.
 */
export const FAMILY_COST_MAX = 500_000;

/** What an event costs that an instance says which another has led to, whether it starts anything or not. */
export const EVENT_COST = 0.25;

/** Of how many instances it is remembered; those are forgotten first that have led to nothing for longest. */
export const FAMILIES_MAX = 10_000;

/**
 * Counts the starts that one instance has led to, by events, subflows and `continueAs`, however many instances are in
 * between, and the events that these say: a workflow that starts itself twice would fill every disk. In memory, so that it costs nothing: it decides only
 * whether a start is refused, which is recorded.
 */
export class Families {
  readonly #costs = new Map<string, { readonly sinceMs: number; cost: number }>();

  /** Counts a start; why it is refused, or undefined if it is not. */
  refuses(family: string, hops: number, nowMs: number): string | undefined {
    if (this.#affords(family, Math.max(1, hops) ** 2, nowMs)) return undefined;
    return tooMany(family, "instances", `one more, ${hops} starts from it`);
  }

  /** Counts an event that is said by an instance which another has led to; why it is refused, or undefined if it is not. */
  refusesEvent(family: string, nowMs: number): string | undefined {
    return this.#affords(family, EVENT_COST, nowMs) ? undefined : tooMany(family, "events", "one more");
  }

  #affords(family: string, cost: number, nowMs: number): boolean {
    const counted = this.#counted(family, nowMs);
    const isAfforded = counted.cost + cost <= FAMILY_COST_MAX;
    if (isAfforded) counted.cost += cost;
    return isAfforded;
  }

  #counted(family: string, nowMs: number): { readonly sinceMs: number; cost: number } {
    const known = this.#costs.get(family);
    const isOver = known === undefined || Math.abs(nowMs - known.sinceMs) >= FAMILY_MS;
    const counted = isOver ? { sinceMs: nowMs, cost: 0 } : known;
    // Behind the others: the one that comes first is forgotten first.
    this.#costs.delete(family);
    this.#costs.set(family, counted);
    const [oldest] = this.#costs.keys();
    if (this.#costs.size > FAMILIES_MAX && oldest !== undefined) this.#costs.delete(oldest);
    return counted;
  }
}

function tooMany(family: string, what: string, found: string): string {
  const expected = `instance ${JSON.stringify(family)} to lead to fewer ${what} within ${FAMILY_MS / 60_000} minutes`;
  return `expected ${expected}, found ${found}: the workflow may start itself without an end`;
}
