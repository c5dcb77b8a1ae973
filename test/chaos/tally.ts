import type { CloudEvent } from "../../examples/topics/topics.ts";

/** The source of all events that the services publish. */
export const SOURCE = "chaos";

/** An order, and what whoever started it was told: that it has begun, or nothing that can be relied on. */
export interface Order {
  readonly orderid: string;
  readonly workflow: string;
  readonly began: "surely" | "perhaps";
}

/** What an event's id tells of it. */
export function partsOf(id: string): { readonly orderid: string; readonly label: string } {
  const [orderid = "", label = ""] = id.split(".");
  return { orderid, label };
}

/** How an event was published: without being asked for, later than others, beside another answer, more than once. */
export type Manner = "unasked" | "late" | "rival" | "repeated";

/** An event that was published, whichever way and however often. */
export interface Published {
  readonly event: CloudEvent;
  readonly orderid: string;
  readonly label: string;
  readonly manners: Set<Manner>;
  /** Copies that were sent by HTTP, and those of them that were answered: the others may have arrived. */
  sent: number;
  answered: number;
  /** Copies that were sent to a topic; the topic itself tells how many it has. */
  toTopic: number;
}

/** Something that was asked of the services. */
export interface Asked {
  readonly orderid: string;
  readonly label: string;
  /** The keys under which it was asked: one, if all is well. */
  readonly keys: Set<string>;
  times: number;
}

/** What the services and those that start instances know of their own, independently of Antiphon. */
export class Tally {
  readonly orders: Order[] = [];
  readonly published = new Map<string, Published>();
  readonly asked = new Map<string, Asked>();
  /** What was answered in a way that nothing can explain. */
  readonly surprises: string[] = [];

  /** Notes a question; gives how often it has come under this key, with this time. */
  ask(orderid: string, label: string, key: string): number {
    const name = `${orderid} ${label}`;
    const asked = this.asked.get(name) ?? { orderid, label, keys: new Set(), times: 0 };
    this.asked.set(name, asked);
    asked.keys.add(key);
    asked.times += 1;
    return asked.times;
  }

  /** The entry of an event that is about to be published. */
  entryOf(event: CloudEvent, orderid: string, label: string): Published {
    const known = this.published.get(event.id);
    if (known !== undefined) return known;
    const entry = { event, orderid, label, manners: new Set<Manner>(), sent: 0, answered: 0, toTopic: 0 };
    this.published.set(event.id, entry);
    return entry;
  }
}
