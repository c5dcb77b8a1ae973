import type { Outcome } from "./outcome.ts";
import type { Tally } from "./tally.ts";

/**
 * What is wrong with the audit, once nothing goes on any more: it agrees with itself, counts what the tally and the ledger
 * count, and knows of nothing that is left to do.
 */
export function checkAudit({ published }: Tally, { audit, ledger, letters }: Outcome): readonly string[] {
  const problems: string[] = [];
  const expect = (what: string, expected: unknown, found: unknown): void => {
    const [wanted, said] = [JSON.stringify(expected), JSON.stringify(found)];
    if (wanted !== said) problems.push(`audit, ${what}: expected ${wanted}, found ${said}`);
  };
  const { agrees, events, inputs, waits, heldEvents, instances, deadLetters } = audit;
  if (!agrees) problems.push(`the audit does not agree: ${JSON.stringify(audit)}`);
  expect("events received", published.size, events.received);
  expect("sum of dispositions", published.size, events.sum);
  const fates = Map.groupBy(ledger, ({ disposition }) => disposition);
  const counts = [...fates].map(([name, { length }]) => [name, length] as const);
  expect("dispositions", counts.toSorted(), Object.entries(events.dispositions).toSorted());
  expect("events held", fates.get("buffered")?.length ?? 0, heldEvents);
  expect("inputs that wait", 0, inputs.waiting);
  expect("waits", { open: 0, registered: 0, onTheWay: 0 }, waits);
  expect("instances that have not ended", 0, instances.live);
  expect("dead letters that are open", letters.length, deadLetters.open);
  return problems;
}
