import { type Log, LogUnavailableError, type Message, type Owned } from "@antiphon/log";
import { formatJson, isJsonObject, parseJson } from "@antiphon/protocol";
import { earlyIngress } from "./early-ingress.ts";
import { type Mutant, withLog } from "./mutant.ts";

/** What may be wrong with how a process appends, publishes, reads and commits its positions. */
export const LOG_MUTANTS: readonly Mutant[] = [
  {
    name: "a processor does not look whether its batch met a conflict",
    ports: withLog((log) => ({
      async append(topic, partition, records, options) {
        const appended = await log.append(topic, partition, records, options);
        if (appended.status === "appended") return appended;
        return { status: "appended", next: options.at + records.length };
      },
    })),
  },
  {
    name: "a processor appends its batch once more behind the one that it met a conflict with",
    ports: withLog((log) => ({ append: (...args) => appendAtEnd(log, ...args) })),
  },
  {
    name: "a reader takes every record for a fact, wherever it has landed",
    fetched: (fetched) => ({
      ...fetched,
      messages: fetched.messages.map(({ headers: { "@": _, ...headers }, ...record }) => ({ ...record, headers })),
    }),
  },
  {
    name: "a dispatcher commits its position before its requests are done",
    ports: withLog((log) => ({
      join: (group, names, run) =>
        log.join(group, names, (owned) => run(group === "antiphon.dispatcher" ? committingEarly(owned) : owned)),
    })),
  },
  { name: "an ingress commits its position before its events are sent on", ports: withLog(earlyIngress) },
  {
    name: "whoever publishes does not wait until it is acknowledged",
    ports: withLog((log) => ({
      publish: (messages) => Promise.race([log.publish(messages).catch(() => {}), Promise.resolve()]),
    })),
  },
  {
    name: "whoever publishes gives up what cannot be sent at present",
    ports: withLog((log) => ({ publish: (messages) => log.publish(messages).catch(unlessUnavailable) })),
  },
  {
    name: "a relay that takes over goes on one record too late",
    ports: withLog((log) => ({
      join: (group, names, run) =>
        log.join(group, names, (owned) => run(group === "antiphon.correlator.relay" ? oneTooLate(owned) : owned)),
    })),
  },
  {
    name: "relays drop their stamps",
    ports: withLog((log) => ({ publish: (messages) => log.publish(messages.map(unstamped)) })),
  },
  {
    name: "relays do not keep the order of what they send",
    ports: withLog((log) => ({ publish: (messages) => log.publish([...messages].reverse()) })),
  },
];

async function appendAtEnd(log: Log, ...[topic, partition, records, options]: Parameters<Log["append"]>) {
  const appended = await log.append(topic, partition, records, options);
  if (appended.status === "appended") return appended;
  const { end } = await log.bounds(topic, partition);
  return await log.append(topic, partition, records, { at: end });
}

/** The note of a dispatcher's position says how far it has relayed, which is as far as it has read. */
function committingEarly(owned: Owned): Owned {
  return {
    ...owned,
    commit: ({ offset, note }) => owned.commit({ offset: Math.max(offset, Number.parseInt(note, 10)), note }),
  };
}

function oneTooLate({ committed, ...owned }: Owned): Owned {
  return { ...owned, committed: committed && { ...committed, offset: committed.offset + 1 } };
}

function unlessUnavailable(error: unknown): void {
  if (!(error instanceof LogUnavailableError)) throw error;
}

function unstamped(message: Message): Message {
  const read = parseJson(message.value ?? "null");
  if (!isJsonObject(read) || !isJsonObject(read["from"] ?? null) || typeof read["type"] !== "string") return message;
  const { from: _, ...rest } = read;
  return { ...message, value: formatJson(rest) };
}
