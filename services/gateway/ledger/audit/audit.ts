import type { Clock } from "@antiphon/processor";
import { formatJson, type Json, type JsonObject } from "@antiphon/protocol";
import { deadLetterState, eventKey, mergedRow } from "@antiphon/views";
import { iso } from "../../queries/parameters.ts";
import type { QueryPorts } from "../../queries/query-ports.ts";
import { checkEvents } from "./check-events.ts";
import { checkLedger } from "./check-ledger.ts";
import { checkShown } from "./check-shown.ts";
import { checkStates } from "./check-store.ts";
import { checkWaits } from "./check-waits.ts";
import { type Disagreement, KINDS, type Kind } from "./disagreement.ts";
import { LogFold } from "./log-fold.ts";

/** How often what does not agree is looked at again, and how long it has to come to agree in between. */
export const ROUNDS_MAX = 6;
export const SETTLE_MS = 300;
/** How many disagreements are told in full; all are counted. */
export const TOLD_MAX = 100;

/** `retentionMs`: how long rows of the ledger are kept; absent: for good. */
type AuditPorts = QueryPorts & { readonly clock: Clock; readonly retentionMs?: number };

/**
 * Says whether events, dispositions, waits, actions, timers and dead letters add up, while all of it moves on.
 *
 * The truth is folded anew from the logs, from their start up to the ends that they have now; what has been sent from one
 * log to the other and has not arrived is known by the stamps that the receivers have recorded, and is no disagreement.
 * What the store holds is compared where it has come as far as the fold. It may be further, and a cut through several
 * logs is never one moment: so whatever does not agree is looked at again after a while, with the fold carried on to the
 * new ends, and only what has not agreed in every round is told.
 */
export async function audit(ports: AuditPorts, signal: AbortSignal): Promise<JsonObject> {
  const { log, store, clock, partitions, retentionMs = Number.POSITIVE_INFINITY } = ports;
  const startedMs = clock.now();
  const fold = new LogFold(log, partitions);
  let lasting: ReadonlyMap<string, Disagreement> | undefined;
  for (let round = 1; ; round++) {
    await fold.advance();
    const waits = checkWaits(fold);
    const events = checkEvents(fold);
    const ledger = await checkLedger(store, fold, clock.now() - retentionMs);
    const states = await checkStates(store, fold, events.keptByInstances);
    const shown = await checkShown(store, fold);
    const found = [waits, events, ledger]
      .flatMap(({ disagreements }) => disagreements)
      .concat(states, shown, fold.actions.disagreements, fold.disagreements);
    lasting = stillThere(lasting, found);
    const isSettled = lasting.size === 0 && ledger.behind.length === 0;
    if (!isSettled && round < ROUNDS_MAX && !signal.aborted) {
      await clock.sleep(SETTLE_MS, signal);
      continue;
    }
    const sum = Object.values(ledger.dispositions).reduce((total, count) => total + count, 0);
    const { open, registered, onTheWay, held } = waits;
    return {
      agrees: isSettled,
      events: { received: ledger.received, sum, dispositions: { ...ledger.dispositions } },
      inputs: { waiting: fold.inputs.waiting },
      waits: { open, registered, onTheWay },
      heldEvents: held,
      actions: { underWay: fold.actions.count },
      instances: { live: fold.instances.size, ended: fold.ended.size },
      deadLetters: lettersIn(fold),
      disagreements: told([...lasting.values()]),
      behind: ledger.behind.map((one) => ({ ...one })),
      upTo: Object.fromEntries(fold.positions),
      rounds: round,
      startedAt: iso(startedMs),
      endedAt: iso(clock.now()),
    };
  }
}

/** Those that were there in the rounds before as well. */
function stillThere(
  before: ReadonlyMap<string, Disagreement> | undefined,
  found: readonly Disagreement[],
): ReadonlyMap<string, Disagreement> {
  const now = new Map(found.map((one) => [formatJson([one.kind, one.subject]), one]));
  return before === undefined ? now : new Map([...now].filter(([id]) => before.has(id)));
}

function told(all: readonly Disagreement[]): JsonObject {
  const kinds: Partial<Record<Kind, number>> = {};
  for (const { kind } of all) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const listed = all.slice(0, TOLD_MAX).map((one): Json => ({ ...one, meaning: KINDS[one.kind] }));
  return { count: all.length, kinds: { ...kinds }, listed };
}

function lettersIn({ letters, ledger }: LogFold): JsonObject {
  let open = 0;
  for (const row of letters.values()) {
    const rows = row.event === undefined ? undefined : ledger.get(eventKey(row.event));
    if (deadLetterState(row, rows && mergedRow([...rows.values()])) === "open") open += 1;
  }
  return { all: letters.size, open };
}
