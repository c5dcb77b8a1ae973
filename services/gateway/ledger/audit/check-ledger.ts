import type { Disposition } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import {
  isHeld,
  isTaken,
  type LedgerRow,
  mergedRow,
  readEventEntry,
  readRow,
  viewedTopics,
  viewSpace,
} from "@antiphon/views";
import type { Disagreement } from "./disagreement.ts";
import { inBatches } from "./in-batches.ts";
import type { LogFold } from "./log-fold.ts";

export interface LedgerFound {
  /** How many events came in, by the facts. */
  readonly received: number;
  /** How many of them the ledger has with which disposition. */
  readonly dispositions: Readonly<Partial<Record<Disposition, number>>>;
  /** Views that have not caught up: what they say is not compared. */
  readonly behind: readonly { readonly space: string; readonly position: number | null; readonly end: number }[];
  readonly disagreements: readonly Disagreement[];
}

/** Whether the ledger in the store says of each event what the facts say; rows of before `expiredBeforeMs` may be gone. */
export async function checkLedger(
  store: Pick<Store, "load">,
  fold: LogFold,
  expiredBeforeMs = Number.NEGATIVE_INFINITY,
): Promise<LedgerFound> {
  const topicOf = new Map(
    viewedTopics.flatMap((topic) =>
      Array.from(
        { length: fold.partitions },
        (_, partition) => [viewSpace(topic, partition), `${topic}/${partition}`] as const,
      ),
    ),
  );
  const behind = new Map<string, LedgerFound["behind"][number]>();
  const stored = new Map<string, LedgerRow>();
  const disagreements: Disagreement[] = [];
  const all = [...fold.ledger].flatMap(([key, rows]) => [...rows].map(([space, row]) => ({ key, space, row })));
  await inBatches(
    store,
    all,
    ({ space, key }) => [space, key],
    ({ space, position, items }) => {
      const end = fold.positions.get(topicOf.get(space) ?? "") ?? 0;
      const isBehind = (position ?? 0) < end;
      if (isBehind) behind.set(space, { space, position, end });
      for (const { item, value } of items) {
        const found = readRow<LedgerRow>(value);
        const merged = mergedRow([stored.get(item.key), found]);
        if (merged !== undefined) stored.set(item.key, merged);
        const kind = found === undefined ? "ledger-row-missing" : "ledger-row-differs";
        const [expected, said] = [textOf(item.row), found === undefined ? "nothing" : textOf(found)];
        if (found === undefined && item.row.atMs < expiredBeforeMs && !isHeld(item.row)) continue;
        if (isBehind || expected === said || isOlder(fold, item, found)) continue;
        disagreements.push({
          kind,
          subject: { ...readEventEntry(item.key.slice(item.key.indexOf("/") + 1)), space },
          expected,
          found: said,
        });
      }
    },
  );
  const dispositions: Partial<Record<Disposition, number>> = {};
  for (const { disposition } of stored.values()) dispositions[disposition] = (dispositions[disposition] ?? 0) + 1;
  return { received: fold.ledger.size, dispositions, behind: [...behind.values()], disagreements };
}

/**
 * Whether the store may say more of an event than a log that is cut off: it knew the event before, or knows it by more than a copy.
 * That an event was taken is never undone.
 */
function isOlder(
  fold: LogFold,
  { key, space, row }: { key: string; space: string; row: LedgerRow },
  found: LedgerRow | undefined,
): boolean {
  if (found === undefined || !fold.isCutOff(space) || isTaken(row.disposition)) return false;
  return found.sinceMs < row.sinceMs || (fold.copiedEvents.has(key) && found.disposition === row.disposition);
}

function textOf({ disposition, instance, wait }: LedgerRow): string {
  return [disposition, instance, wait].filter((part) => part !== undefined).join(" ");
}
