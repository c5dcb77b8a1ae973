export type { Answer, Domain, Failure, ReachTime, Received } from "./domain.ts";
export { readDueEntry } from "./due-index.ts";
export { Fold } from "./fold.ts";
export { LazyCommit } from "./lazy-commit.ts";
export type { Clock, Logger, Ports } from "./ports.ts";
export { processPartition } from "./process-partition.ts";
export type { DecidedFact } from "./read-facts.ts";
export { type RelayRules, type RelaySource, relayPartition } from "./relay.ts";
export { Sources, type SourcesState } from "./sources.ts";
