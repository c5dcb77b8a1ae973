import type { Fact } from "@antiphon/log";
import { readDecision } from "@antiphon/protocol";
import type { Domain } from "./domain.ts";
import type { EntityLimits } from "./entities.ts";
import { Fold } from "./fold.ts";
import { ForgetError } from "./forget.ts";
import { load } from "./load.ts";
import { assertInputs, assertKept, assertKnown, assertKnownInput, assertWhole } from "./lost-log.ts";
import type { Ports, Retention } from "./ports.ts";
import { readFacts } from "./read-facts.ts";
import type { StoreWriter } from "./store-writer.ts";
import { UnreadableStoreError } from "./stored.ts";

/** How many facts are read at once. */
const READ_MAX = 1_000;
/** What stays in memory of entities that the store holds as well. */
const CACHED_MAX: EntityLimits = { count: 5_000, units: 16_000_000 };
/** What may be in memory unsaved before the store is brought on. */
export const UNSAVED_MAX: EntityLimits = { count: 5_000, units: 32_000_000 };

/**
 * A fold at the position that the store holds; from the log's start if it holds none. Throws `LogLostError` if the log
 * does not hold the rest, and `UnreadableStoreError` if it would have to go on from what it cannot read.
 */
export async function openFold<State, Input, Event>(
  domain: Domain<State, Input, Event>,
  { log, store, cachedMax = CACHED_MAX.count }: Ports,
  space: string,
  partition: number,
  retention?: Pick<Retention, "logMs">,
): Promise<Fold<State, Input, Event>> {
  const [inputs, { position, values }] = await Promise.all([
    log.bounds(domain.inputTopic, partition),
    store.load(space, [Fold.ledgerKey]),
  ]);
  // Asked for behind the store's position, which may have been moved on by another owner meanwhile.
  const { start, end } = await log.bounds(domain.factTopic, partition);
  assertWhole({ space, end, position });
  if (position !== null && position < start) {
    assertKept(space, start, await keptIn(log, domain.factTopic, partition), position);
    throw new UnreadableStoreError(
      `${space}: expected the store at ${start} or above, where the log begins, found ${position}`,
    );
  }
  const from = { facts: start, inputs: inputs.start };
  const fold = new Fold(
    domain,
    { ...CACHED_MAX, count: cachedMax },
    position,
    values[0] ?? null,
    from,
    retention?.logMs,
  );
  if (position !== null && !fold.hasSince && start === 0) {
    throw new UnreadableStoreError(
      `${space}: expected the list of what is alive, found the store of an earlier release`,
    );
  }
  const { newest } = fold.landmarks.state();
  if (newest !== undefined && newest[0] >= start) {
    const { records } = await log.read(domain.factTopic, partition, newest[0], 1);
    assertKnown(space, newest, timeOf(records.find(({ offset }) => offset === newest[0])));
  }
  return fold;
}

/** What the newest copy of a partition says in its log: all that is alive stands from there on. */
async function keptIn(log: Ports["log"], topic: string, partition: number): Promise<number | undefined> {
  let kept: number | undefined;
  for (let from = 0; ; ) {
    const { records, next, end } = await log.read(topic, partition, from, READ_MAX);
    for (const { value } of records) {
      const found = PARTITION.test(value ?? "") ? readDecision(value).partition?.from : undefined;
      if (found !== undefined) kept = found;
    }
    if (next >= end) return kept;
    from = next;
  }
}

/** Spares parsing all that is no copy of a partition. */
const PARTITION = /"partition":\{"from":/;

function timeOf(fact: Fact | undefined): number | undefined {
  try {
    return fact && readDecision(fact.value).atMs;
  } catch {
    return undefined;
  }
}

/**
 * Looks whether the inputs are still there that come next. Throws `LogLostError` if they end before; that some were
 * deleted unread nobody can mend, and is said.
 */
export async function checkInputs<State, Input, Event>(
  domain: Domain<State, Input, Event>,
  { log, logger }: Ports,
  partition: number,
  fold: Fold<State, Input, Event>,
): Promise<void> {
  const { inputs } = fold.position;
  const { start, end } = await log.bounds(domain.inputTopic, partition);
  const place = `${domain.inputTopic}/${partition}`;
  assertInputs(place, inputs, end);
  const { newestInput } = fold.landmarks.state();
  if (newestInput !== undefined && newestInput[0] >= start) {
    const { records } = await log.read(domain.inputTopic, partition, newestInput[0], 1);
    assertKnownInput(place, newestInput, records.find(({ offset }) => offset === newestInput[0])?.timestampMs);
  }
  if (inputs < start) {
    const details = { topic: domain.inputTopic, partition, from: inputs, until: start };
    logger.error(
      details,
      `${start - inputs} inputs were deleted before they were read: the topic keeps them too short`,
    );
  }
}

/** Folds the log from where the fold stands to its end. */
export async function catchUp<State, Input, Event>(
  domain: Domain<State, Input, Event>,
  { log, store, logger }: Ports,
  space: string,
  partition: number,
  fold: Fold<State, Input, Event>,
  writer: StoreWriter,
): Promise<void> {
  const from = fold.position.facts;
  for (;;) {
    const batch = await log.read(domain.factTopic, partition, fold.position.facts, READ_MAX);
    const facts = readFacts<Event>(batch.records, { topic: domain.factTopic, partition }, logger);
    await load(
      store,
      space,
      fold,
      facts.flatMap(({ key, decision }) => key ?? decision.forgotten ?? []),
    );
    for (const { offset, key, decision, units } of facts) {
      try {
        fold.apply(offset, key, decision, units);
      } catch (error) {
        // Ours are folded before they are written. It is somebody else's, and must not stop the rest of the partition.
        logger.error(
          { err: error, topic: domain.factTopic, partition, offset, key },
          "a fact cannot be folded: passed over",
        );
      }
    }
    fold.skipTo(batch.next);
    fold.entities.trim();
    if (fold.exceeds(UNSAVED_MAX)) await writer.flush();
    if (batch.next >= batch.end) break;
  }
  const { start } = await log.bounds(domain.factTopic, partition);
  if (start > from) throw new ForgetError("log", `the log was truncated at ${start} while it was read from ${from}`);
  if (fold.isPartial) assertKept(space, start, fold.kept, null);
  fold.isWhole();
}
