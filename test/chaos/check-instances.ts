import { isDeepStrictEqual } from "node:util";
import type { FoundInstance, Outcome } from "./outcome.ts";
import { type Order, partsOf, type Tally } from "./tally.ts";
import { CHILDREN, childOf, WORKFLOWS, type Workflow } from "./workflows.ts";

/** What is wrong with how instances ended: each order has one, and each has ended as its definition says. */
export function checkInstances({ orders, asked }: Tally, { instances }: Outcome): readonly string[] {
  const problems: string[] = [];
  const found = Map.groupBy(instances, (instance) => `${instance.workflow} ${orderOf(instance)}`);
  for (const order of orders) {
    const name = `${order.workflow} ${order.orderid}`;
    const own = found.get(name) ?? [];
    found.delete(name);
    const least = order.began === "surely" ? 1 : 0;
    if (own.length < least || own.length > 1) problems.push(`${name}: expected ${least} instance, found ${own.length}`);
    const workflow = WORKFLOWS[order.workflow];
    for (const instance of own)
      if (workflow !== undefined) problems.push(...checkOrder(name, workflow, order, instance));
    if (order.workflow === "parent" && own.length > 0) {
      const children = found.get(`child ${order.orderid}`) ?? [];
      found.delete(`child ${order.orderid}`);
      problems.push(...checkChildren(order.orderid, children));
    }
  }
  for (const [name, others] of found) problems.push(`${name}: expected no instance, found ${others.length}`);
  for (const { orderid, label, keys, times } of asked.values()) {
    if (keys.size !== 1)
      problems.push(`${orderid} ${label}: asked ${times} times, expected one key, found ${[...keys]}`);
  }
  return problems;

  function checkOrder(
    name: string,
    workflow: Workflow,
    { orderid }: Order,
    instance: FoundInstance,
  ): readonly string[] {
    const taken = takenBy(instance);
    const parts = taken.map(partsOf);
    const wrong = checkEnd(
      name,
      instance,
      workflow.ends(
        orderid,
        parts.map((part) => part.orderid),
      ),
    );
    for (const { labels, taken: expected } of workflow.waits) {
      const count = parts.filter(({ label }) => labels.includes(label)).length;
      const isLate = expected === "at most one" && (instance.data as { late?: boolean }).late === true;
      if (count !== (isLate ? 0 : 1)) wrong.push(`${name}: expected one of ${labels} taken, found ${count}: ${taken}`);
    }
    if (taken.length > workflow.waits.length) wrong.push(`${name}: took more than it waits for: ${taken}`);
    for (const label of workflow.performs) {
      if (!asked.has(`${orderid} ${label}`)) wrong.push(`${name}: ${label} was never asked for`);
    }
    return wrong;
  }
}

/** The ids of the events that an instance has received. */
export function takenBy({ history }: FoundInstance): readonly string[] {
  return history.flatMap(({ type, event }) => (type === "EventReceived" ? [(event as { id: string }).id] : []));
}

/** The order that an instance is about. */
export function orderOf({ data }: FoundInstance): string {
  const { orderid, sent } = data as { readonly orderid?: string; readonly sent?: { readonly orderid?: string } };
  return `${orderid ?? sent?.orderid}`;
}

function checkChildren(orderid: string, children: readonly FoundInstance[]): readonly string[] {
  const problems: string[] = [];
  for (const label of CHILDREN) {
    const own = children.filter(({ data }) => (data as { readonly label?: string }).label === label);
    const name = `child ${orderid} ${label}`;
    if (own.length !== 1) problems.push(`${name}: expected one instance, found ${own.length}`);
    for (const instance of own) {
      problems.push(...checkEnd(name, instance, [childOf(orderid, label)]));
      const taken = takenBy(instance);
      if (taken.length !== 1) problems.push(`${name}: expected one event taken, found ${taken}`);
    }
  }
  return problems;
}

function checkEnd(
  name: string,
  { id, status, data, error, history }: FoundInstance,
  ends: readonly object[],
): string[] {
  if (status === "completed" && ends.some((end) => isDeepStrictEqual(data, end))) return [];
  const facts = history.map(({ type }) => type).join(" ");
  return [
    `${name}: instance ${id}: expected completed ${JSON.stringify(ends)}, found ${status} ${JSON.stringify(data)} ${JSON.stringify(error) ?? ""} after ${facts}`,
  ];
}
