import type { Outcome } from "./run.ts";

const PROBLEMS_SHOWN = 10;

/** What is wrong with a run, in lines; of very many problems the first. */
export function problemText({ seed, problems }: Outcome): string {
  const more = problems.length > PROBLEMS_SHOWN ? [`and ${problems.length - PROBLEMS_SHOWN} more`] : [];
  return [`seed ${seed}:`, ...problems.slice(0, PROBLEMS_SHOWN), ...more].join("\n  ");
}

/** What many runs come to. */
export class Report {
  readonly #counts = new Map<string, number>();
  readonly #beginMs = performance.now();
  readonly failed: Outcome[] = [];
  runs = 0;
  #turns = 0;

  take(outcome: Outcome): void {
    this.runs++;
    this.#turns += outcome.turns;
    for (const [what, count] of outcome.counts) this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
    if (outcome.problems.length > 0) this.failed.push(outcome);
  }

  /** How often each thing happened in all of them. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  line(): string {
    const seconds = (performance.now() - this.#beginMs) / 1_000;
    const failed = this.failed.length === 0 ? "none failed" : `${this.failed.length} failed`;
    return `${this.runs} seeds, ${failed}, ${(this.runs / seconds).toFixed(1)} seeds/s`;
  }

  text(): string {
    const counted = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const failed = this.failed.map(({ seed }) => seed).sort((a, b) => a - b);
    return [
      `simulation: ${this.line()}, ${Math.round(this.#turns / Math.max(1, this.runs))} turns each; what went wrong in them:`,
      ...counted.map(([what, count]) => `  ${String(count).padStart(8)} ${what}`),
      ...(failed.length === 0 ? [] : [`failed: ${failed.join(", ")}; npm run simulate -- --seed ${failed[0]} --trace`]),
    ].join("\n");
  }
}
