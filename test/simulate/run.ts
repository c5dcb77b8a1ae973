import { callbackTokens } from "@antiphon/host";
import { eventTopics } from "@antiphon/host/definitions";
import { topicLayout, topics } from "@antiphon/protocol";
import { Broker } from "./broker.ts";
import { doBusiness } from "./business.ts";
import { DEPLOYMENTS } from "./deployments.ts";
import { faultsOf } from "./faults.ts";
import { Groups } from "./groups.ts";
import { Outside } from "./outside.ts";
import type { Ports, Surroundings } from "./process.ts";
import { Services } from "./services.ts";
import { SimulatedStore } from "./simulated-store.ts";
import { Troubles, TROUBLES_MS } from "./troubles.ts";
import { START_MS, World } from "./world.ts";

const PARTITIONS = 2;
/** How many of the runs have processes that read the definitions at their start: it takes a quarter of their time. */
const READING_PROBABILITY = 0.1;
/** A run that takes more turns does not end. */
const TURNS_MAX = 400_000;
/** When nothing goes wrong any more, time is run forward: in small steps first, then in large ones. */
const STEPS = [...Array(40).fill(10_000), ...Array(20).fill(600_000)] as const;

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
  readonly spoil?: Surroundings["spoil"];
}

/** Everything that there is when a run has ended, for who judges it. */
export type Ended = Surroundings & { readonly outside: Outside; readonly troubles: Troubles };

/** Runs what the seed says. The same seed is the same run, whatever the machine does. */
export async function run(seed: number, judge: (ended: Ended) => Promise<readonly string[]>, options: RunOptions = {}): Promise<Outcome> {
  const world = new World(seed, options.tell);
  const failures: string[] = [];
  const faults = faultsOf(world.oneOf([0, 1, 1, 3, 6]));
  const broker = new Broker(world);
  for (const spec of topicLayout(PARTITIONS)) broker.create(spec);
  deployAll(broker);
  const tokens = callbackTokens(["a secret that nobody keeps"]);
  const outside = new Outside(world, broker, tokens);
  const around: Surroundings = {
    world,
    broker,
    tokens,
    faults,
    partitions: PARTITIONS,
    readsDefinitions: world.schedule.chance(READING_PROBABILITY),
    groups: new Groups(world, broker, faults),
    redis: new SimulatedStore(world),
    services: new Services(world, broker, outside),
    spoil: options.spoil ?? ((ports: Ports) => ports),
    failed: (reason) => failures.push(reason),
  };
  const troubles = new Troubles(around);
  troubles.plan(world.between(0, 24));
  doBusiness(world, outside);
  let problems: readonly string[];
  try {
    await goOn(world, troubles, outside);
    problems = [...failures, ...(await judge({ ...around, outside, troubles }))];
  } catch (error) {
    problems = [...failures, (error as Error).stack ?? String(error)];
  }
  return { seed, problems, counts: world.counts, turns: world.schedule.turns };
}

async function goOn(world: World, troubles: Troubles, outside: Outside): Promise<void> {
  let step = 0;
  await world.schedule.run(
    () => {
      world.tick();
      if (!world.isCalm && world.nowMs >= START_MS + TROUBLES_MS) troubles.calm();
      return step === STEPS.length;
    },
    () => {
      const rest = world.restMs ?? 0;
      if (!world.isCalm) world.pass(world.schedule.chance(0.3) ? rest + world.schedule.below(5_000) : rest);
      else world.pass(Math.max(rest, STEPS[step] ?? 0));
      if (world.isCalm && outside.isQuiet) step++;
    },
    TURNS_MAX,
  );
}

function deployAll(broker: Broker): void {
  for (const { hash, definition, bundle } of DEPLOYMENTS) {
    const { id, version } = definition;
    for (const name of eventTopics(definition)) broker.create({ name, partitions: PARTITIONS });
    const value = JSON.stringify({ type: "deployed", hash, id, version, bundle });
    broker.produce(topics.definitions, 0, [{ key: `${id}:${version}:${hash}`, value, headers: {} }]);
  }
}
