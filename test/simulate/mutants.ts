import type { Log, Owned } from "@antiphon/log";
import type { FetchedPartition } from "@antiphon/log-kafka/wire";
import { Fold } from "@antiphon/processor";
import { formatJson, isJsonObject, type Json, parseJson, topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import { earlyIngress } from "./early-ingress.ts";
import type { Ports } from "./process.ts";

/** One thing that is wrong between a process and its ports, as it would be if the code that uses them were wrong. */
export interface Mutant {
  readonly name: string;
  readonly ports?: (ports: Ports) => Ports;
  /** What readers make of what they fetch. */
  readonly fetched?: (fetched: FetchedPartition) => FetchedPartition;
}

/** All are found out, each within 500 seeds. */
export const MUTANTS: readonly Mutant[] = [
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
  {
    name: "a correlator forgets on restore what it has taken in from relays",
    ports: withStore((store) => ({ load: loading(store, topics.correlations, { [Fold.ledgerKey]: { sources: {} } }) })),
  },
  {
    name: "an orchestrator forgets on restore what it has taken in from relays",
    ports: withStore((store) => ({ load: loading(store, topics.history, { [Fold.ledgerKey]: { sources: {} } }) })),
  },
  {
    name: "an instance that comes from the store forgets which events it has taken",
    ports: withStore((store) => ({
      async load(space, keys) {
        const loaded = await store.load(space, keys);
        if (!space.startsWith(`${topics.history}/`)) return loaded;
        const values = loaded.values.map((value) => value?.replace(/"seen":\[(?:[^[\]]*)\]/, '"seen":[]') ?? null);
        return { ...loaded, values };
      },
    })),
  },
  {
    name: "the store takes a commit wherever it is",
    ports: withStore((store) => ({
      async commit(space, commit) {
        const { position } = await store.load(space, []);
        return await store.commit(space, { ...commit, expected: position });
      },
    })),
  },
  {
    name: "whoever reads from the store does not look whether it is where it was left",
    ports: withStore(blindToPositions),
  },
  {
    name: "relays drop their stamps",
    ports: withLog((log) => ({
      publish: (messages) => log.publish(messages.map((message) => ({ ...message, value: unstamped(message.value) }))),
    })),
  },
  {
    name: "relays do not keep the order of what they send",
    ports: withLog((log) => ({ publish: (messages) => log.publish([...messages].reverse()) })),
  },
  { name: "an ingress commits its position before its events are sent on", ports: withLog(earlyIngress) },
];

function withLog(wrong: (log: Log) => Partial<Log>): NonNullable<Mutant["ports"]> {
  return ({ log, store }) => ({ store, log: overridden(log, wrong(log)) });
}

function withStore(wrong: (store: Store) => Partial<Store>): NonNullable<Mutant["ports"]> {
  return ({ log, store }) => ({ log, store: overridden(store, wrong(store)) });
}

/** The same, but for some of its methods. */
function overridden<T extends object>(whole: T, part: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      const own: unknown = Reflect.get(part, name);
      if (own !== undefined) return own;
      const method: unknown = Reflect.get(target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
}

/** The note of a dispatcher's position says how far it has relayed, which is as far as it has read. */
function committingEarly(owned: Owned): Owned {
  return {
    ...owned,
    commit: ({ offset, note }) => owned.commit({ offset: Math.max(offset, Number.parseInt(note, 10)), note }),
  };
}

/** Reads as the store does, but with members of some values replaced. */
function loading(
  store: Store,
  topic: string,
  replaced: Readonly<Record<string, { readonly [member: string]: Json }>>,
): Store["load"] {
  return async (space, keys) => {
    const { position, values } = await store.load(space, keys);
    if (!space.startsWith(`${topic}/`)) return { position, values };
    const wrong = values.map((value, i) => {
      const instead = replaced[keys[i] ?? ""];
      const read = parseJson(value ?? "null");
      return instead === undefined || !isJsonObject(read) ? value : formatJson({ ...read, ...instead });
    });
    return { position, values: wrong };
  };
}

/** Says of a space that it is where this process left it, whatever has become of it. */
function blindToPositions(store: Store): Partial<Store> {
  const left = new Map<string, number>();
  return {
    async load(space, keys) {
      const { position, values } = await store.load(space, keys);
      return { position: left.get(space) ?? position, values };
    },
    async commit(space, commit) {
      const outcome = await store.commit(space, commit);
      if (outcome === "committed") left.set(space, commit.position);
      else left.delete(space);
      return outcome;
    },
  };
}

function unstamped(value: string | null): string | null {
  const read = parseJson(value ?? "null");
  if (!isJsonObject(read) || !isJsonObject(read["from"] ?? null) || typeof read["type"] !== "string") return value;
  const { from: _, ...rest } = read;
  return formatJson(rest);
}
