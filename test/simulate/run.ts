import { eventTopics } from "@antiphon/host/definitions";
import { topicLayout, topics } from "@antiphon/protocol";
import { Broker } from "./broker.ts";
import { doBusiness } from "./business.ts";
import { DEPLOYMENTS } from "./deployments.ts";
import { faultsOf } from "./faults.ts";
import { Groups } from "./groups.ts";
import type { Mutant } from "./mutants/index.ts";
import { Outside } from "./outside.ts";
import type { Surroundings } from "./process.ts";
import { Services } from "./services.ts";
import { SimulatedStore } from "./simulated-store.ts";
import { TOKENS } from "./tokens.ts";
import { TROUBLES_MS, Troubles } from "./troubles.ts";
import { START_MS, World } from "./world.ts";

const PARTITIONS = 2;
/** How many of the runs have processes that read the definitions at their start: it takes a quarter of their time. */
const READING_PROBABILITY = 0.1;
/** A run that takes more turns does not end. */
const TURNS_MAX = 100_000;
/** How long nobody notices anything now and then, at most, as on a machine that is busy. */
const IDLE_MS_MAX = 5_000;
/** When nothing goes wrong any more, time is run forward: in small steps first, then in large ones, in milliseconds. */
const STEPS: readonly number[] = [...Array<number>(40).fill(10_000), ...Array<number>(40).fill(600_000)];
/** So does it when one process has been left alone with an empty store. */
const LAST_STEPS: readonly number[] = [1_000, 1_000, 10_000, 600_000];

/** What came of a run. */
export interface Outcome {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly turns: number;
}

export interface RunOptions {
  /** Told each line of what happens. */
  readonly tell?: (line: string) => void;
  readonly mutant?: Mutant;
}

/** Everything that there is when a run has ended, for who judges it. */
export type Ended = Surroundings & { readonly outside: Outside };

/** Runs what the seed says. The same seed is the same run, whatever the machine does. */
export async function run(
  seed: number,
  judge: (ended: Ended) => Promise<readonly string[]>,
  options: RunOptions = {},
): Promise<Outcome> {
  const world = new World(seed, options.tell);
  const failures: string[] = [];
  const faults = faultsOf(world.oneOf([0, 1, 1, 3, 6]));
  const broker = new Broker(world);
  for (const spec of topicLayout(PARTITIONS)) broker.create(spec);
  deployAll(broker);
  const outside = new Outside(world, broker, TOKENS);
  const around: Surroundings = {
    world,
    broker,
    tokens: TOKENS,
    faults,
    partitions: PARTITIONS,
    readsDefinitions: world.schedule.chance(READING_PROBABILITY),
    retention: { logRetention: Number.MAX_SAFE_INTEGER, retention: Number.MAX_SAFE_INTEGER },
    groups: new Groups(world, broker, faults),
    redis: new SimulatedStore(world),
    services: new Services(world, broker, outside),
    mutant: options.mutant,
    failed: (reason) => failures.push(reason),
  };
  const troubles = new Troubles(around);
  troubles.plan(world.between(0, 24));
  doBusiness(world, outside);
  let problems: readonly string[];
  try {
    await goThroughTroubles(world, troubles);
    await goOn(world, outside, STEPS);
    const ended = { ...around, outside };
    const judged = await judge(ended);
    around.redis.flush();
    troubles.leaveOne();
    await goOn(world, outside, LAST_STEPS);
    const again = (await judge(ended)).filter((problem) => !judged.includes(problem));
    problems = [...failures, ...judged, ...again.map((problem) => `after one has taken over: ${problem}`)];
  } catch (error) {
    problems = [...failures, (error as Error).stack ?? String(error)];
  }
  around.groups.end();
  return { seed, problems, counts: world.counts, turns: world.schedule.turns };
}

async function goThroughTroubles(world: World, troubles: Troubles): Promise<void> {
  const isOver = (): boolean => {
    world.tick();
    return world.nowMs >= START_MS + TROUBLES_MS;
  };
  const idle = (): void => {
    const restMs = world.restMs ?? 0;
    world.pass(world.schedule.chance(0.3) ? restMs + world.schedule.below(IDLE_MS_MAX) : restMs);
  };
  await world.schedule.run(isOver, idle, TURNS_MAX);
  troubles.calm();
}

/** Runs time forward, each step when nobody has anything left to do. */
async function goOn(world: World, outside: Outside, steps: readonly number[]): Promise<void> {
  let done = 0;
  const isOver = (): boolean => {
    world.tick();
    return done === steps.length;
  };
  const idle = (): void => {
    world.pass(Math.max(world.restMs ?? 0, steps[done] ?? 0));
    if (outside.isQuiet) done++;
  };
  await world.schedule.run(isOver, idle, TURNS_MAX);
}

function deployAll(broker: Broker): void {
  for (const { hash, definition, bundle } of DEPLOYMENTS) {
    const { id, version } = definition;
    for (const name of eventTopics(definition)) broker.create({ name, partitions: PARTITIONS });
    const value = JSON.stringify({ type: "deployed", hash, id, version, bundle });
    broker.produce(topics.definitions, 0, [{ key: `${id}:${version}:${hash}`, value, headers: {} }]);
  }
}
