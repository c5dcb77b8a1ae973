import { orderOf, takenBy } from "./check-instances.ts";
import type { FoundInstance, LedgerItem, Outcome } from "./outcome.ts";
import { type Published, SOURCE, type Tally } from "./tally.ts";
import { ANSWERS, deskOf, STARTING } from "./workflows.ts";

/** What events can come to that nobody took. */
const DEAD = ["unmatched", "expired"];
const IN_VAIN = [...DEAD, "buffered"];

/**
 * What is wrong with the ledger: each event that was published has one disposition, which is that of the history, and
 * every copy of it is counted.
 *
 * @param onTopics how many copies there are on topics, by id; undefined: there are no topics
 */
export function checkEvents(
  { published }: Tally,
  { instances, ledger, letters }: Outcome,
  onTopics: ReadonlyMap<string, number> | undefined,
): readonly string[] {
  const problems: string[] = [];
  const taken = instances.flatMap((instance) => takenBy(instance).map((id) => ({ id, instance })));
  const takers = Map.groupBy(taken, ({ id }) => id);
  const items = Map.groupBy(ledger, ({ id }) => id);
  for (const [id, entry] of published) {
    const [item, ...more] = items.get(id) ?? [];
    items.delete(id);
    if (item === undefined) problems.push(`event ${id}: is not in the ledger ${counts(entry)}`);
    else
      problems.push(
        ...checkFate(entry, item, takers.get(id)?.[0]?.instance),
        ...checkCopies(entry, item, onTopics && (onTopics.get(id) ?? 0)),
      );
    if (more.length > 0) problems.push(`event ${id}: expected once in the ledger, found ${more.length + 1} times`);
  }
  for (const id of items.keys()) problems.push(`event ${id}: is in the ledger, and was never published`);
  for (const [id, times] of takers) {
    const by = times.map(({ instance }) => instance.id);
    if (times.length > 1) problems.push(`event ${id}: expected taken once, found ${times.length} times, by ${by}`);
  }
  const fates = new Map(ledger.map(({ id, disposition }) => [id, disposition]));
  for (const { id, event, disposition, reason } of letters) {
    const fate = fates.get(event?.id ?? "");
    if (event?.source === SOURCE && DEAD.includes(`${fate}`)) continue;
    const what = event === undefined ? "no event" : `event ${event.id}, which is ${fate}`;
    problems.push(
      `dead letter ${id}: expected one of an event that nobody took, found ${disposition}, ${reason}: ${what}`,
    );
  }
  return problems;
}

function checkFate(entry: Published, item: LedgerItem, taker: FoundInstance | undefined): readonly string[] {
  const { id } = entry.event;
  const said = `${item.disposition} ${item.instance ?? ""} ${item.reason ?? ""}`;
  if (entry.label === STARTING)
    return item.disposition === "started" ? [] : [`event ${id}: expected started, found ${said}`];
  if (taker === undefined) {
    const isLeft = item.disposition === "buffered" && item.instance !== undefined;
    if (IN_VAIN.includes(item.disposition) && !isLeft) return [];
    return [`event ${id}: no history has it, expected ${IN_VAIN.join(" or ")}, found ${said}`];
  }
  if (item.disposition !== "resolved" || item.instance !== taker.id) {
    return [`event ${id}: instance ${taker.id} has received it, found ${said}`];
  }
  const { kogitoprocrefid: named } = entry.event;
  const order = orderOf(taker);
  const isMeant = isShared(entry) ? deskOf(order) === deskOf(entry.orderid) : order === entry.orderid;
  if (isMeant && (named === undefined || named === taker.id)) return [];
  return [
    `event ${id}: expected for order ${entry.orderid}, instance ${named}, found taken by ${taker.id} of ${order}`,
  ];
}

function isShared({ label }: Published): boolean {
  return ANSWERS[label]?.means === "desk";
}

/**
 * What is read from a topic when its reader has been killed is read again, and counts as a copy: then there may be more.
 * An event that nobody wanted is tried anew when it comes again, which is no copy.
 */
function checkCopies(entry: Published, item: LedgerItem, onTopics: number | undefined): readonly string[] {
  const found = 1 + item.duplicates;
  const isTriedAnew = DEAD.includes(item.disposition) || ANSWERS[entry.label]?.isFleeting;
  const least = isTriedAnew ? 1 : (onTopics ?? 0) + entry.answered;
  const most = onTopics === undefined ? entry.sent : Number.POSITIVE_INFINITY;
  if (found >= least && found <= most) return [];
  return [`event ${entry.event.id}: expected ${least} to ${most} copies, found ${found} ${counts(entry)}`];
}

function counts({ sent, answered, toTopic }: Published): string {
  return `(by HTTP ${sent}, of which ${answered} answered; to its topic ${toTopic})`;
}
