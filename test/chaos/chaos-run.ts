import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openTopics, type Topics } from "../../examples/topics/topics.ts";
import type { DeploymentKind } from "../support/deployment.ts";
import { Answering } from "./answering.ts";
import { AskedServices } from "./asked-services.ts";
import { checkAudit } from "./check-audit.ts";
import { checkEvents } from "./check-events.ts";
import { checkInstances } from "./check-instances.ts";
import { disturb } from "./disturb.ts";
import type { Machine } from "./disturbance.ts";
import { placeOrders } from "./driver.ts";
import { startEmbeddedMachine } from "./embedded-machine.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { startKafkaMachine } from "./kafka-machine.ts";
import { KafkaView } from "./kafka-view.ts";
import { type Outcome, readOutcome } from "./outcome.ts";
import { Publisher } from "./publisher.ts";
import { caughtUp, quietAgain } from "./quiet.ts";
import { Tally } from "./tally.ts";
import { ANSWERS } from "./workflows.ts";

/** How long what is wrong in the end is looked at again: views may be behind. */
const VIEWS_MS_MAX = 60_000;
const LOOK_MS = 500;
/** The topic on which workflows ask services. */
const QUESTIONS = "chaos.asked";

/** What a run was, and what is wrong in the end; all is well if that is nothing. */
export interface ChaosResult {
  readonly problems: readonly string[];
  /** What happened; undefined if Antiphon did not say any more. */
  readonly figures: Figures | undefined;
  readonly logs: string;
}

/** Services and workflows at work while everything breaks, and the account of it afterwards. */
export async function runChaos(
  kind: DeploymentKind,
  seed: number,
  durationMs: number,
  say: (line: string) => void,
): Promise<ChaosResult> {
  const beganMs = performance.now();
  const sayWhen = (what: string): void => say(`${((performance.now() - beganMs) / 1_000).toFixed(1)} s: ${what}`);
  const tally = new Tally();
  await using services = await AskedServices.listen(seed, tally);
  const start = kind === "kafka" ? startKafkaMachine : startEmbeddedMachine;
  await using machine = await start(join(import.meta.dirname, "definitions"), services.env);
  let turn = 0;
  const urls = (): string => `${machine.urls[turn++ % machine.urls.length]}`;
  const { kafkaBrokers } = machine;
  const open = (): Promise<Topics> => openTopics({ name: "chaos", antiphonUrl: `${machine.urls[0]}`, kafkaBrokers });
  await using topics = await open();
  const answering = new Answering(
    seed,
    tally,
    new Publisher(urls, tally, kafkaBrokers === undefined ? undefined : topics),
  );
  services.answerBy(answering);
  await topics.follow(QUESTIONS, (event) => services.takeEvent(event));
  sayWhen("all is up");

  const over = new AbortController();
  const placing = placeOrders(seed, urls, tally, answering, over.signal);
  const disturbances = await disturb(machine, seed, durationMs, sayWhen);
  over.abort();
  await placing;
  sayWhen(`no more is disturbed; ${tally.orders.length} orders have been placed`);
  const problems = [...(await problemIn(machine.settle()))];
  // The services' own reader may not have survived the broker's restarts: another takes over from it what it leaves.
  await using others = kafkaBrokers === undefined ? undefined : await open();
  await others?.follow(QUESTIONS, (event) => services.takeEvent(event));
  sayWhen("all is up again");
  const { outcome, copies, ...end } = await endOf(machine, tally, answering, sayWhen);
  problems.push(...end.problems, ...tally.surprises);
  const logs = machine.logs();
  return { problems, figures: outcome && figuresOf(tally, outcome, disturbances, copies, logs), logs };
}

interface End {
  readonly problems: readonly string[];
  readonly outcome?: Outcome;
  /** How many copies there are on topics, by event; undefined: there are no topics. */
  readonly copies?: ReadonlyMap<string, number> | undefined;
}

/** Waits until nothing goes on any more, and compares. */
async function endOf(
  { urls: [url], kafkaBrokers, prefix }: Machine,
  tally: Tally,
  answering: Answering,
  say: (line: string) => void,
): Promise<End> {
  await using view = kafkaBrokers === undefined ? undefined : await KafkaView.open(kafkaBrokers);
  const problems = [...(await problemIn(quietAgain(`${url}`, tally, answering)))];
  say("all instances have ended");
  if (view !== undefined) problems.push(...(await problemIn(caughtUp(view, prefix))));
  say("all topics have been read");
  const copies = await view?.copies([...new Set(Object.values(ANSWERS).map(({ type }) => type))]);
  const last = await lastLook(`${url}`, tally, copies);
  say("all has been compared");
  return { ...last, copies, problems: [...problems, ...last.problems] };
}

/** What Antiphon says, and what is wrong with that; what is wrong is looked at again, until its time is over. */
async function lastLook(url: string, tally: Tally, copies: ReadonlyMap<string, number> | undefined): Promise<End> {
  const beganMs = performance.now();
  for (;;) {
    const look = await readOutcome(url).then(
      (outcome): End => ({ outcome, problems: problemsOf(outcome) }),
      (error): End => ({ problems: [problemOf(error)] }),
    );
    if (look.problems.length === 0 || performance.now() - beganMs > VIEWS_MS_MAX) return look;
    await sleep(LOOK_MS);
  }

  function problemsOf(outcome: Outcome): readonly string[] {
    return [
      ...checkInstances(tally, outcome),
      ...checkEvents(tally, outcome, copies),
      ...outcome.waits.map((wait) => `a wait is left: ${JSON.stringify(wait)}`),
      ...checkAudit(tally, outcome),
    ];
  }
}

async function problemIn(what: Promise<unknown>): Promise<readonly string[]> {
  return await what.then(
    () => [],
    (error) => [problemOf(error)],
  );
}

function problemOf({ message, cause }: Error): string {
  return cause === undefined ? message : `${message}: ${(cause as Error).message}`;
}
