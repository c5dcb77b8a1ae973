import { isDeepStrictEqual } from "node:util";
import { Allowance, readExpression } from "@antiphon/expressions";
import type { Json } from "@antiphon/protocol";
import { loadRivals } from "./jq-packages.ts";

/** What workflows do with a document of 1 KB; the first is the one that was set as the mark. */
const ON_SMALL = [
  ".a.b | {x: .c, y: (.d | length)}",
  ".a.b",
  ".items | map(select(.price > 10)) | length",
  '.name == "Ada" and (.number > 3)',
  "{id: .order.id, total: (.order.total * 2), open: (.number != 7)}",
  'if .number % 2 != 0 then "odd" else "even" end',
  ". + {result: .y}",
];
/** And with one of 50 KB. */
const ON_LARGE = [
  ".items | map(select(.price > 10)) | length",
  ".items | map({id, cost: (.price * .quantity)})",
  "[.items[] | select(.price > 10)] | sort_by(.price)",
];

function documentOf(items: number): Json {
  return {
    a: { b: { c: 1, d: "text" } },
    name: "Ada",
    number: 7,
    order: { id: "o-1", total: 12.5 },
    y: [1, 2, 3],
    items: Array.from({ length: items }, (_, i) => ({ id: `item-${i}`, price: i % 20, quantity: (i * 7) % 5 })),
  };
}

const ROUNDS = 9;
const ROUND_NS = 25_000_000;
const WARM_UP_NS = 100_000_000;

/** Ours and every other, measured in pairs: a line for each filter, microseconds, and how many times ours that is. */
export async function expressionsTable(): Promise<string> {
  const rivals = await loadRivals();
  const [small, large] = [documentOf(18), documentOf(1_100)];
  const cases = [
    ...ON_SMALL.map((filter) => [filter, "1 KB", small] as const),
    ...ON_LARGE.map((filter) => [filter, "50 KB", large] as const),
  ];
  const lines = cases.map(([filter, size, input]) => {
    process.stderr.write(`${filter}\n`);
    const ours = oursFor(filter);
    const found = rivals.map(({ prepare }) => against(ours, prepare(filter), input));
    const best = Math.min(...found.map(({ oursUs }) => oursUs));
    return `| \`${filter.replaceAll("|", "\\|")}\` | ${size} | ${best.toFixed(3)} | ${found.map(({ cell }) => cell).join(" | ")} |`;
  });
  const names = rivals.map(({ name }) => name).join(" | ");
  return [`| filter | document | ours | ${names} |`, `|---|---|---|${"---|".repeat(rivals.length)}`, ...lines].join(
    "\n",
  );
}

type Evaluate = (input: Json) => unknown;

/** They share an allowance of steps and time. */
const EXPRESSIONS_OF_A_DECISION = 10;

/** Ours as the engine calls it: with what it gives to each run, made anew for each. */
function oursFor(filter: string): Evaluate {
  const expression = readExpression(filter);
  if (expression.kind === "literal") throw new Error(`no expression: ${filter}`);
  const clock = (): number => performance.now();
  let runs = 0;
  let allowance: Allowance;
  return (input) => {
    if (runs++ % EXPRESSIONS_OF_A_DECISION === 0) allowance = new Allowance(10_000_000, 500, clock());
    return expression.program.json(input, {}, { now: () => 0, localOffsetMs: () => 0, clock, allowance });
  };
}

interface Comparison {
  readonly oursUs: number;
  /** What the table says of the other. */
  readonly cell: string;
}

/** Rounds take turns, so that what else the machine does meets both. */
function against(ours: Evaluate, theirs: Evaluate | undefined, input: Json): Comparison {
  const problem = theirs === undefined ? "refused" : problemWith(theirs, input, ours(input));
  if (theirs === undefined || problem !== undefined) return { oursUs: Number.POSITIVE_INFINITY, cell: problem ?? "" };
  round(ours, input, WARM_UP_NS);
  round(theirs, input, WARM_UP_NS);
  const pairs = Array.from(
    { length: ROUNDS },
    () => [round(ours, input, ROUND_NS), round(theirs, input, ROUND_NS)] as const,
  );
  // The best of each: what else the machine does can only add.
  const [oursUs, theirsUs] = [Math.min(...pairs.map(([our]) => our)), Math.min(...pairs.map(([, their]) => their))];
  const ratio = theirsUs / oursUs;
  return { oursUs, cell: `${theirsUs.toFixed(theirsUs < 100 ? 3 : 0)} (${ratio.toFixed(ratio < 100 ? 1 : 0)} ×)` };
}

function problemWith(theirs: Evaluate, input: Json, expected: unknown): string | undefined {
  try {
    const found = theirs(input);
    return isDeepStrictEqual(found, expected) ? undefined : `wrong: ${JSON.stringify(found)?.slice(0, 40)}`;
  } catch (error) {
    return `fails: ${String(error).slice(0, 40)}`;
  }
}

/** Microseconds that one evaluation takes. */
function round(work: Evaluate, input: Json, lengthNs: number): number {
  const began = process.hrtime.bigint();
  let [count, elapsedNs] = [0, 0];
  for (let batch = 1; elapsedNs < lengthNs; batch = Math.min(batch * 2, 1_000)) {
    for (let i = 0; i < batch; i++) work(input);
    count += batch;
    elapsedNs = Number(process.hrtime.bigint() - began);
  }
  return elapsedNs / 1_000 / count;
}
