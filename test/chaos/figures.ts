import type { Outcome } from "./outcome.ts";
import type { Manner, Tally } from "./tally.ts";

/** What happened in a run, by what it is about: words and numbers. */
export interface Figures {
  readonly disturbances: Readonly<Record<string, number>>;
  readonly published: Readonly<Record<"events" | Manner | "copies on topics" | "copies by HTTP", number>>;
  readonly asked: Readonly<Record<"questions" | "times", number>>;
  readonly instances: Readonly<Record<string, number>>;
  readonly dispositions: Readonly<Record<string, number>>;
  readonly other: Readonly<Record<string, number>>;
}

/** What the owner of a partition logs that begins anew, and why if its batch landed behind somebody else's. */
const RESTORING = "restoring";
const CONFLICT = "another owner wrote to this partition";

export function figuresOf(
  { published, asked }: Tally,
  { instances, ledger }: Outcome,
  disturbances: readonly string[],
  copies: ReadonlyMap<string, number> | undefined,
  logs: string,
): Figures {
  const events = [...published.values()];
  const countOf = (manner: Manner): number => events.filter(({ manners }) => manners.has(manner)).length;
  return {
    disturbances: countsOf(disturbances),
    published: {
      events: events.length,
      unasked: countOf("unasked"),
      late: countOf("late"),
      rival: countOf("rival"),
      repeated: countOf("repeated"),
      "copies on topics": sum(copies?.values() ?? []),
      "copies by HTTP": sum(events.map(({ sent }) => sent)),
    },
    asked: { questions: asked.size, times: sum([...asked.values()].map(({ times }) => times)) },
    instances: countsOf(instances.map(({ status }) => status)),
    dispositions: countsOf(ledger.map(({ disposition }) => disposition)),
    other: {
      duplicates: sum(ledger.map(({ duplicates }) => duplicates)),
      "partitions restored": timesIn(logs, RESTORING),
      "conflicts of owners": timesIn(logs, CONFLICT),
    },
  };
}

/** Figures as lines of text, one for each thing that they are about. */
export function figureLines(figures: Figures): readonly string[] {
  return Object.entries(figures).map(([about, counts]) => {
    const said = Object.entries<number>(counts).map(([what, count]) => `${count} ${what}`);
    return `${about}: ${said.join(", ") || "none"}`;
  });
}

function countsOf(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length]));
}

function timesIn(text: string, part: string): number {
  return text.split(part).length - 1;
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, one) => total + one, 0);
}
