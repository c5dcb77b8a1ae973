import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openTopics } from "../../examples/topics/topics.ts";
import type { DeploymentKind } from "../support/deployment.ts";
import { waitUntil } from "../support/wait-until.ts";
import { Answering } from "./answering.ts";
import { AskedServices } from "./asked-services.ts";
import { checkEvents } from "./check-events.ts";
import { checkInstances } from "./check-instances.ts";
import { disturb } from "./disturb.ts";
import type { Machine } from "./disturbance.ts";
import { placeOrders } from "./driver.ts";
import { startEmbeddedMachine } from "./embedded-machine.ts";
import { startKafkaMachine } from "./kafka-machine.ts";
import { KafkaView } from "./kafka-view.ts";
import { activeCount, type Outcome, readOutcome } from "./outcome.ts";
import { Publisher } from "./publisher.ts";
import { Tally } from "./tally.ts";
import { ANSWERS } from "./workflows.ts";

/** How long it may take until everything has ended, once nothing is disturbed any more. */
const QUIET_MS_MAX = 120_000;
const LAG_MS_MAX = 30_000;
const VIEWS_MS_MAX = 15_000;
/** How often there must be nothing under way, one look after the other, to be called quiet. */
const LOOKS = 3;
const LOOK_MS = 500;

/** What an owner logs whose batch landed behind somebody else's. */
const CONFLICT = "another owner wrote to this partition";

/** What a run was, and what is wrong in the end; all is well if that is nothing. */
export interface ChaosResult {
  readonly problems: readonly string[];
  /** What happened, in numbers. */
  readonly figures: Readonly<Record<string, number>>;
  readonly logs: string;
}

/** Services and workflows at work while everything breaks, and the account of it afterwards. */
export async function runChaos(
  kind: DeploymentKind,
  seed: number,
  durationMs: number,
  say: (line: string) => void,
): Promise<ChaosResult> {
  const tally = new Tally();
  await using services = await AskedServices.listen(seed, tally);
  const start = kind === "kafka" ? startKafkaMachine : startEmbeddedMachine;
  await using machine = await start(join(import.meta.dirname, "definitions"), services.env);
  let turn = 0;
  const urls = (): string => `${machine.urls[turn++ % machine.urls.length]}`;
  await using topics = await openTopics({
    name: "chaos",
    antiphonUrl: `${machine.urls[0]}`,
    kafkaBrokers: machine.kafkaBrokers,
  });
  const answering = new Answering(
    seed,
    tally,
    new Publisher(urls, tally, machine.kafkaBrokers === undefined ? undefined : topics),
  );
  services.answerBy(answering);
  await topics.follow("chaos.asked", (event) => services.takeEvent(event));
  say("all is up");

  const over = new AbortController();
  const placing = placeOrders(seed, urls, tally, answering, over.signal);
  const disturbances = await disturb(machine, seed, durationMs, say);
  over.abort();
  await placing;
  await machine.settle();
  say(`${tally.orders.length} orders placed, and everything is up again`);
  await using view = machine.kafkaBrokers === undefined ? undefined : await KafkaView.open(machine.kafkaBrokers);
  const problems = [
    ...(await quietAgain(machine, tally, answering).then(() => [], asProblem)),
    ...(view === undefined ? [] : await noLag(view, machine.prefix).then(() => [], asProblem)),
  ];
  const copies = await view?.copies([...new Set(Object.values(ANSWERS).map(({ type }) => type))]);
  const { outcome, ...last } = await lastLook(`${machine.urls[0]}`, tally, copies);
  problems.push(...tally.surprises, ...last.problems);
  const logs = machine.logs();
  const figures = { disturbances: disturbances.length, conflicts: logs.split(CONFLICT).length - 1 };
  return { problems, figures: { ...figures, ...figuresOf(tally, outcome, copies) }, logs };
}

/** What Antiphon says, and what is wrong with that. Views may be a moment behind: what is wrong then is looked at again. */
async function lastLook(
  url: string,
  tally: Tally,
  copies: ReadonlyMap<string, number> | undefined,
): Promise<{ readonly outcome: Outcome; readonly problems: readonly string[] }> {
  const beganMs = performance.now();
  for (;;) {
    const outcome = await readOutcome(url);
    const problems = [
      ...checkInstances(tally, outcome),
      ...checkEvents(tally, outcome, copies),
      ...outcome.waits.map((wait) => `a wait is left: ${JSON.stringify(wait)}`),
      ...checkAudit(outcome),
    ];
    if (problems.length === 0 || performance.now() - beganMs > VIEWS_MS_MAX) return { outcome, problems };
    await sleep(LOOK_MS);
  }
}

function asProblem(error: Error): string[] {
  return [`${error.message}${error.cause === undefined ? "" : `: ${(error.cause as Error).message}`}`];
}

/** Resolves when all has been published, and nothing is active, and stays so. */
async function quietAgain({ urls: [url] }: Machine, tally: Tally, answering: Answering): Promise<void> {
  let looks = 0;
  await waitUntil(
    "all instances to end",
    async () => {
      await answering.settled();
      const before = [tally.published.size, tally.asked.size].join();
      const active = await activeCount(`${url}`);
      looks = active === 0 ? looks + 1 : 0;
      await sleep(LOOK_MS);
      if (before !== [tally.published.size, tally.asked.size].join()) looks = 0;
      if (active > 0) throw new Error(`${active} are active`);
      return looks >= LOOKS || undefined;
    },
    QUIET_MS_MAX,
  );
}

async function noLag(view: KafkaView, prefix: string): Promise<void> {
  await waitUntil(
    "consumers to have caught up",
    async () => {
      const lag = await view.lag(prefix);
      if (lag.size === 0) return true;
      throw new Error([...lag].map(([what, behind]) => `${what} is ${behind} behind`).join("; "));
    },
    LAG_MS_MAX,
  );
}

function checkAudit({ audit }: Outcome): readonly string[] {
  return audit.agrees === true ? [] : [`the audit does not agree: ${JSON.stringify(audit)}`];
}

function figuresOf(
  tally: Tally,
  { instances, ledger }: Outcome,
  copies: ReadonlyMap<string, number> | undefined,
): Readonly<Record<string, number>> {
  const fates = Map.groupBy(ledger, ({ disposition }) => disposition);
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);
  return {
    instances: instances.length,
    events: tally.published.size,
    "copies on topics": sum(copies?.values() ?? []),
    "copies by HTTP": sum([...tally.published.values()].map(({ sent }) => sent)),
    questions: tally.asked.size,
    "times asked": sum([...tally.asked.values()].map(({ times }) => times)),
    ...Object.fromEntries([...fates].map(([name, items]) => [name, items.length])),
  };
}
