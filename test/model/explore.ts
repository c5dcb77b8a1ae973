import { formatJson, type Json } from "@antiphon/protocol";
import type { Scenario } from "./scenario.ts";
import {
  dueTimes,
  isRepeated,
  type Message,
  REAL,
  repeat,
  type Setting,
  takeNext,
  tell,
  tellKey,
  type World,
} from "./world.ts";

/** The most states of one scenario; a larger one must be made smaller. */
export const STATES_MAX = 400_000;

/** What is wrong with a state, and how the world came to it. */
export interface Counterexample {
  readonly problem: string;
  readonly steps: readonly string[];
}

export interface Explored {
  readonly states: number;
  /** States in which nothing is on the way. */
  readonly quiet: number;
  readonly counterexample?: Counterexample;
}

interface Found {
  readonly world: World;
  readonly before: Found | undefined;
  readonly step: string;
}

/**
 * Goes through every state that a scenario can come to, in every order of what can happen, the nearest first, and checks
 * each. Ends at the first that is wrong: its steps are as few as can be.
 */
export function explore(scenario: Scenario, code = REAL): Explored {
  const setting: Setting = { code, workflow: scenario.workflow };
  const first: Found = { world: scenario.begin, before: undefined, step: "begin" };
  const known = new Set([hashOf(first.world, setting)]);
  const queue: Found[] = [first];
  let quiet = 0;
  for (let at = 0; at < queue.length; at++) {
    const found = queue[at] as Found;
    const isQuiet = Object.values(found.world.channels).every(({ waiting }) => waiting.length === 0);
    if (isQuiet) quiet++;
    const problem = scenario.problemIn(found.world, isQuiet);
    if (problem !== undefined) return { states: known.size, quiet, counterexample: { problem, steps: stepsTo(found) } };
    for (const [step, world] of following(found.world, setting, scenario)) {
      const hash = hashOf(world, setting);
      if (known.has(hash)) continue;
      if (known.size === STATES_MAX)
        throw new Error(`expected at most ${STATES_MAX} states of ${scenario.name}, found more`);
      known.add(hash);
      queue.push({ world, before: found, step });
    }
  }
  return { states: known.size, quiet };
}

/** Everything that can happen next, by what it is called. */
function* following(world: World, setting: Setting, scenario: Scenario): Iterable<readonly [string, World]> {
  for (const [name, left] of Object.entries(world.left)) {
    if (left === 0) continue;
    const happen = scenario.acts[name];
    if (happen === undefined) continue;
    const after = { ...world, left: { ...world.left, [name]: left - 1 } };
    yield [name, happen(after)];
  }
  for (const [name, { waiting, taken }] of Object.entries(world.channels)) {
    const [message] = waiting;
    if (message !== undefined) yield [`${name}: ${nameOf(message)}`, takeNext(world, setting, name)];
    if (taken.length === 0 || !world.left.repeat) continue;
    const left = { ...world.left, repeat: world.left.repeat - 1 };
    yield [`${name}: ${taken.map(nameOf).join(", ")} again`, { ...repeat(world, name), left }];
  }
  const dues = dueTimes(world);
  const soonest = Math.min(...dues.map(({ dueMs }) => dueMs));
  for (const { who, dueMs } of dues) {
    if (dueMs > Math.max(world.nowMs, soonest) || dueMs > scenario.untilMs) continue;
    const later = { ...world, nowMs: Math.max(world.nowMs, dueMs) };
    const name = who.slice(2);
    yield [
      `time for ${who}`,
      who.startsWith("i ") ? tell(later, setting, name, "time") : tellKey(later, setting, name, "time"),
    ];
  }
}

function nameOf(message: Message): string {
  const order = message.to === "instance" ? message.command : message.input;
  const event =
    "event" in order && order.event !== undefined && "id" in order.event ? ` ${String(order.event.id)}` : "";
  return `${order.type}${event}`;
}

/** A state without what makes no difference to what may come of it: a message's place only says whether it is repeated. */
function hashOf(world: World, setting: Setting): string {
  const { channels, sources: _, sent: __, logs: ___, ...rest } = world;
  const mayRepeat = (world.left.repeat ?? 0) > 0;
  const textOf = (message: Message): Json => {
    const { from: ____, ...order } = message.to === "instance" ? message.command : message.input;
    return [isRepeated(world, setting, message), order as unknown as Json];
  };
  const ways = Object.entries(channels)
    .map(([name, { waiting, taken }]) => [name, waiting.map(textOf), mayRepeat ? taken.map(textOf) : []] as const)
    .filter(([, waiting, taken]) => waiting.length > 0 || taken.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return formatJson({ ...rest, ways } as unknown as Json);
}

function stepsTo(found: Found): readonly string[] {
  const steps: string[] = [];
  for (let at: Found | undefined = found; at !== undefined; at = at.before) steps.unshift(at.step);
  return steps;
}
