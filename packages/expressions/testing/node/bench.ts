import process from "node:process";
import type { Json } from "@antiphon/protocol";
import { compile } from "../../index.ts";

/** Prints the microseconds that an evaluation takes, for what workflows use. Run it with `node testing/node/bench.ts`. */

const ROUNDS = 5;
const ROUND_NS = 60_000_000n;

function documentOf(items: number): Json {
  return {
    a: { b: { c: 1, d: "text" } },
    n: 5,
    x: true,
    y: [1, 2, 3],
    name: "Ada",
    number: 7,
    order: { id: "o-1", total: 12.5 },
    items: Array.from({ length: items }, (_, i) => ({ id: `item-${i}`, price: i % 20, quantity: (i * 7) % 5 })),
  };
}

const SMALL = documentOf(18);
const LARGE = documentOf(1_100);

const CASES: readonly (readonly [program: string, label: string, input: Json])[] = [
  [".a.b", "1 KB", SMALL],
  [".a.b | {x: .c, y: (.d | length)}", "1 KB", SMALL],
  [".items | map(select(.price > 10)) | length", "1 KB", SMALL],
  [".items | map(select(.price > 10)) | length", "50 KB", LARGE],
  ["{id: $WORKFLOW.instanceId, x: .order.id}", "1 KB", SMALL],
  ['.name == "x" and (.n > 3)', "1 KB", SMALL],
  ['if .number % 2 != 0 then "odd" else null end', "1 KB", SMALL],
  [".a * {b: 1}", "1 KB", SMALL],
  ['"Hello \\(.name)"', "1 KB", SMALL],
  ["del(.x)", "1 KB", SMALL],
  ["del(.x)", "50 KB", LARGE],
  [". + {result: .y}", "1 KB", SMALL],
  [". + {result: .y}", "50 KB", LARGE],
  [".order.total = 3", "1 KB", SMALL],
  [".items[] |= (.price += 1)", "50 KB", LARGE],
  [".items | group_by(.price) | map(length)", "50 KB", LARGE],
  ["[.items[] | select(.price > 10)] | sort_by(.id)", "50 KB", LARGE],
  ["reduce range(1000) as $i (0; . + $i)", "1 KB", SMALL],
  ["def fib: if . < 2 then . else (. - 1 | fib) + (. - 2 | fib) end; 15 | fib", "1 KB", SMALL],
  ['.name | test("^[A-Z][a-z]+$")', "1 KB", SMALL],
];

const BINDINGS = { WORKFLOW: () => ({ instanceId: "i-1" }) };

for (const [source, label, input] of CASES) {
  const program = compile(source, { variables: ["WORKFLOW"] });
  const micros = best(() => program.first(input, BINDINGS));
  process.stdout.write(`${micros.toFixed(3).padStart(10)} µs  ${label.padEnd(6)} ${source}\n`);
}
const source = ".a.b | {x: .c, y: (.d | length)}";
process.stdout.write(
  `${best(() => compile(source))
    .toFixed(3)
    .padStart(10)} µs  compile ${source}\n`,
);

/** The best of some rounds, since what else the machine does can only add to it. */
function best(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = process.hrtime.bigint();
    let count = 0;
    let elapsed = 0n;
    while (elapsed < ROUND_NS) {
      for (let i = 0; i < 100; i++) work();
      count += 100;
      elapsed = process.hrtime.bigint() - started;
    }
    least = Math.min(least, Number(elapsed) / 1000 / count);
  }
  return least;
}
