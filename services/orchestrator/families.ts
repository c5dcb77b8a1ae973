/** How long it is remembered what an instance has led to, milliseconds. */
export const FAMILY_MS = 3_600_000;

/**
 * What one instance may lead to in that time, in one process. A start costs the square of its distance from the beginning:
 * what an instance starts itself is cheap, and may be hundreds of thousands; what multiplies goes far from it at once.
 */
export const FAMILY_COST_MAX = 500_000;

/** Of how many instances it is remembered; those are forgotten first that have led to nothing for longest. */
export const FAMILIES_MAX = 10_000;

/**
 * Counts the starts that one instance has led to, by events, subflows and `continueAs`, however many instances are in
 * between: a workflow that starts itself twice would fill every disk. In memory, so that it costs nothing: it decides only
 * whether a start is refused, which is recorded.
 */
export class Families {
  readonly #costs = new Map<string, { readonly sinceMs: number; cost: number }>();

  /** Counts a start; why it is refused, or undefined if it is not. */
  refuses(family: string, hops: number, nowMs: number): string | undefined {
    const counted = this.#counted(family, nowMs);
    const cost = Math.max(1, hops) ** 2;
    if (counted.cost + cost <= FAMILY_COST_MAX) {
      counted.cost += cost;
      return undefined;
    }
    const found = `found one more, ${hops} starts from it: the workflow may start itself without an end`;
    return `expected instance ${JSON.stringify(family)} to lead to fewer instances within ${FAMILY_MS / 60_000} minutes, ${found}`;
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
