import type { Fact } from "@antiphon/log";
import { changedAt, type DecidedFact, type Domain, type Entity, Sources } from "@antiphon/processor";
import { formatJson, type Json } from "@antiphon/protocol";

/** What a partition's log comes to. */
export interface Replayed<State> {
  readonly problems: readonly string[];
  readonly entities: ReadonlyMap<string, Entity<State>>;
  readonly sources: Sources;
  /** The input that would be taken next. */
  readonly inputs: number;
}

/**
 * Decides everything again, one after the other, as if there had never been but one owner to whom nothing happened: each
 * decision in the log must be what the pure code makes of its input at that place and time, each input must have been
 * taken once and in its turn, and what was passed over must be nothing.
 */
export function replay<State, Input, Event>(
  domain: Domain<State, Input, Event>,
  inputs: readonly Fact[],
  facts: readonly DecidedFact<Event>[],
): Replayed<State> {
  const entities = new Map<string, Entity<State>>();
  const sources = new Sources();
  const problems: string[] = [];
  let next = 0;
  const stateOf = (key: string): State => entities.get(key)?.state ?? domain.absent;

  /** What should come of an input, spelled as a record has it. */
  function expected(input: Fact, nowMs: number): { readonly events: readonly Event[]; readonly isSilent: boolean } {
    const { key, input: order, from, reply } = domain.read(input);
    if (from !== undefined && sources.hasSeen(from)) return { events: [], isSilent: true };
    const events = domain.decide(stateOf(key), order, nowMs);
    return { events, isSilent: events.length === 0 && from === undefined && reply === undefined };
  }

  function passOver(below: number, nowMs: number, offset: number): void {
    for (; next < below; next++) {
      const input = inputs[next];
      if (input !== undefined && !expected(input, nowMs).isSilent) {
        problems.push(`${domain.factTopic} at ${offset}: input ${next} was passed over: ${input.value}`);
      }
    }
  }

  for (const { offset, key, decision } of facts) {
    const { input, from, atMs, events, rejected, previous } = decision;
    const where = `${domain.factTopic} at ${offset} of ${key}`;
    if (input !== undefined && input < next) problems.push(`${where}: input ${input} was taken twice`);
    else if (input !== undefined && key === null && rejected === undefined) passOver(input + 1, atMs, offset);
    else if (input !== undefined) {
      passOver(input, atMs, offset);
      const record = inputs[input];
      if (record === undefined) problems.push(`${where}: there is no input ${input}`);
      else if (rejected === undefined) compare(where, events, expected(record, atMs).events);
      next = input + 1;
    } else if (key !== null) {
      compare(where, events, domain.decide(stateOf(key), { type: "ReachTime" }, atMs));
    }
    if (rejected !== undefined) problems.push(`${where}: rejected: ${rejected.reason}`);
    if (from !== undefined) sources.add(from);
    if (key === null || events.length === 0) continue;
    const before = entities.get(key);
    // A store forgets the place of what has come to nothing again; memory may still know it.
    const isForgotten = previous === undefined && before?.state === domain.absent;
    if (previous !== before?.newest && !isForgotten)
      problems.push(`${where}: its previous is ${previous}, expected ${before?.newest}`);
    const { beginning } = before ?? {};
    if (decision.beginning !== (beginning === previous ? undefined : beginning))
      problems.push(`${where}: its entity began at ${decision.beginning}, expected ${beginning}`);
    try {
      const state = events.reduce((one, event) => domain.evolve(one, event, atMs), stateOf(key));
      entities.set(key, changedAt(domain, before ?? { state: domain.absent }, { decision, offset, state }));
    } catch (error) {
      problems.push(`${where}: cannot be folded: ${(error as Error).message}`);
    }
  }
  return { problems, entities, sources, inputs: next };

  function compare(where: string, found: readonly Event[], wanted: readonly Event[]): void {
    const [is, should] = [text(found), text(wanted)];
    if (is !== should) problems.push(`${where}: decided ${is}, expected ${should}`);
  }
}

function text(value: unknown): string {
  return formatJson(value as Json);
}
