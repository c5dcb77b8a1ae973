/**
 * `npm run bench [-- embedded|kafka] [-- --json file]`: start → fire → answer → end, on both deployments.
 * `npm run bench -- expressions`: how long an expression takes, beside other jq packages.
 */

import { writeFileSync } from "node:fs";
import { cpuMs } from "./cpu.ts";
import { type Deployment, startDistributed, startEmbedded } from "./deployment.ts";
import { expressionsTable } from "./expressions.ts";
import { httpLoop } from "./http-loop.ts";
import { kafkaLoop } from "./kafka-loop.ts";
import { machine } from "./machine.ts";
import { type LoadResult, runLoad } from "./run-load.ts";

const IN_FLIGHT = [1, 64, 512];
const WARM_UP_MS = 5_000;
const MEASURE_MS = 10_000;

interface Row extends LoadResult {
  readonly deployment: string;
  /** CPU milliseconds an instance, by process. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

const args = process.argv.slice(2);
if (args.includes("expressions")) process.stdout.write(`${machine()}\n\n${await expressionsTable()}\n`);
else await measureDeployments();

async function measureDeployments(): Promise<void> {
  const jsonFile = args.includes("--json") ? args[args.indexOf("--json") + 1] : undefined;
  const rows: Row[] = [];
  if (!args.includes("kafka")) rows.push(...(await measure(startEmbedded)));
  if (!args.includes("embedded")) rows.push(...(await measure(startDistributed)));
  process.stdout.write(`${table(rows)}\n`);
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify({ machine: machine(), rows }, null, 2)}\n`);
}

async function measure(open: () => Promise<Deployment>): Promise<Row[]> {
  await using deployment = await open();
  const { name, url, brokers, processes } = deployment;
  await using loop = brokers === undefined ? await httpLoop(url) : await kafkaLoop(url, brokers);
  await runLoad(loop, 64, WARM_UP_MS);
  const measured: Row[] = [];
  for (const inFlight of IN_FLIGHT) {
    await runLoad(loop, inFlight, 1_000);
    const all = [...processes, { name: "driver (not ours)", pid: process.pid }];
    const before = all.map(({ pid }) => cpuMs(pid));
    const result = await runLoad(loop, inFlight, MEASURE_MS);
    const used = all.map(({ name: who, pid }, i) => [who, (cpuMs(pid) - (before[i] ?? 0)) / result.instances] as const);
    measured.push({ deployment: name, ...result, cpuMs: Object.fromEntries(used) });
    process.stderr.write(`${name}, ${inFlight} in flight: ${Math.round(result.perSecond)}/s\n`);
  }
  return measured;
}

function table(all: readonly Row[]): string {
  const lines = all.map(({ deployment, inFlight, perSecond, p50Ms, p99Ms, cpuMs: used }) => {
    const ours = Object.entries(used).filter(([who]) => who !== "driver (not ours)");
    const total = ours.reduce((sum, [, ms]) => sum + ms, 0);
    const by = Object.entries(used).map(([who, ms]) => `${who} ${ms.toFixed(2)}`);
    return `| ${deployment} | ${inFlight} | ${Math.round(perSecond)} | ${p50Ms.toFixed(1)} | ${p99Ms.toFixed(1)} | ${total.toFixed(2)} | ${by.join(", ")} |`;
  });
  return [
    machine(),
    "",
    "| deployment | in flight | instances/s | p50 ms | p99 ms | CPU ms an instance | of which |",
    "|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
