import { hashOf } from "./random.ts";

/** How an answer finds who waits for it: the last means anybody who waits at the same desk. */
export type Means = "url" | "instance" | "key" | "desk";

/** What instances of one workflow ask, and what is to become of them. */
export interface Workflow {
  /** What it waits for: of the answers to these questions exactly one is taken, or at most one. */
  readonly waits: readonly { readonly labels: readonly string[]; readonly taken: "one" | "at most one" }[];
  /** What it has done by HTTP. */
  readonly performs: readonly string[];
  /** What services tell it without being asked. */
  readonly untold?: readonly string[];
  /** What its instances are started with, beside their order; absent: an event starts it. */
  start?(orderid: string): object;
  /** All the data that it may end with, having taken the answers to these orders. */
  ends(orderid: string, takenOf: readonly string[]): readonly object[];
}

/** The event that answers a question. */
export interface Answer {
  readonly type: string;
  readonly means: Means;
  /** It is kept for a short while only, and may be tried anew after that. */
  readonly isFleeting?: true;
}

/** By label, what answers a question. The data of an answer follows from its order and its label alone. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  url: { type: "chaos.url", means: "url" },
  topic: { type: "chaos.topic", means: "instance" },
  key: { type: "chaos.key", means: "key" },
  left: { type: "chaos.left", means: "instance" },
  right: { type: "chaos.right", means: "key" },
  deadline: { type: "chaos.deadline", means: "key", isFleeting: true },
  desk: { type: "chaos.desk", means: "desk" },
  first: { type: "chaos.child", means: "instance" },
  second: { type: "chaos.child", means: "instance" },
  mail: { type: "chaos.mail", means: "key" },
  phone: { type: "chaos.phone", means: "instance" },
  invoice: { type: "chaos.invoice", means: "key" },
  receipt: { type: "chaos.receipt", means: "key" },
  sent: { type: "chaos.sent", means: "key" },
  arrived: { type: "chaos.arrived", means: "key" },
};

/** The label whose event starts an instance. */
export const STARTING = "sent";
/** What begins so is refused a few times before it is done; what begins so is never there. */
export const BUSY = "busy-";
export const NONE = "none-";

const LINES = ["1", "2", "3"];
const DESKS = 2;

/** By id, all that are started from outside; `child` is started by `parent`. */
export const WORKFLOWS: Readonly<Record<string, Workflow>> = {
  url: asking(["url"]),
  topic: asking(["topic"]),
  key: asking(["key"]),
  branches: asking(["left", "right"]),
  lines: {
    waits: [],
    performs: LINES.map((line) => BUSY + line),
    start: () => ({ lines: LINES }),
    ends: (orderid) => [{ orderid, lines: LINES, done: LINES.map((line) => answerTo(orderid, BUSY + line)) }],
  },
  deadline: {
    waits: [{ labels: ["deadline"], taken: "at most one" }],
    performs: [],
    start: () => ({}),
    ends: (orderid) => [
      { orderid, deadline: answerTo(orderid, "deadline") },
      { orderid, late: true },
    ],
  },
  desk: {
    waits: [{ labels: ["desk"], taken: "at most one" }],
    performs: [],
    start: (orderid) => ({ desk: deskOf(orderid) }),
    ends: (orderid, [taken]) => {
      const data = { orderid, desk: deskOf(orderid) };
      return [taken === undefined ? { ...data, late: true } : { ...data, called: answerTo(taken, "desk") }];
    },
  },
  parent: {
    waits: [],
    performs: [],
    start: () => ({}),
    ends: (orderid) => [{ orderid, first: childOf(orderid, "first"), second: childOf(orderid, "second") }],
  },
  trip: {
    waits: [],
    performs: ["flight", "room", `${NONE}car`, "cancel-flight", "cancel-room"],
    start: () => ({}),
    ends: (orderid) => [
      {
        orderid,
        home: true,
        flight: answerTo(orderid, "flight"),
        room: answerTo(orderid, "room"),
        noflight: answerTo(orderid, "cancel-flight"),
        noroom: answerTo(orderid, "cancel-room"),
      },
    ],
  },
  offers: {
    waits: [{ labels: ["mail", "phone"], taken: "one" }],
    performs: [],
    start: () => ({}),
    ends: (orderid) => ["mail", "phone"].map((label) => ({ orderid, offer: answerTo(orderid, label) })),
  },
  papers: { ...asking(["invoice", "receipt"]), untold: ["invoice", "receipt"] },
  parcel: {
    waits: [{ labels: ["arrived"], taken: "one" }],
    performs: [],
    untold: [STARTING, "arrived"],
    ends: (orderid) => [{ sent: answerTo(orderid, STARTING), arrived: answerTo(orderid, "arrived") }],
  },
};

/** What the workflow `child` comes to, one for each label. */
export const CHILDREN = ["first", "second"];

export function childOf(orderid: string, label: string): object {
  return { orderid, label, answer: answerTo(orderid, label) };
}

/** Where an order is served, together with many others. */
export function deskOf(orderid: string): string {
  return `desk-${hashOf(orderid) % DESKS}`;
}

/** The data of an answer. */
export function answerTo(orderid: string, label: string): object {
  return { orderid, label, worth: hashOf(`${orderid} ${label}`) };
}

function asking(labels: readonly string[]): Workflow {
  return {
    waits: labels.map((label) => ({ labels: [label], taken: "one" })),
    performs: [],
    start: () => ({}),
    ends: (orderid) => [{ orderid, ...Object.fromEntries(labels.map((label) => [label, answerTo(orderid, label)])) }],
  };
}
