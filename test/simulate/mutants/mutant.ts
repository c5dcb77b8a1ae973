import type { Log } from "@antiphon/log";
import type { FetchedPartition } from "@antiphon/log-kafka/wire";
import type { Store } from "@antiphon/store";
import type { Ports } from "../process.ts";

/** One thing that is wrong between a process and its ports, as it would be if the code that uses them were wrong. */
export interface Mutant {
  readonly name: string;
  readonly ports?: (ports: Ports) => Ports;
  /** What readers make of what they fetch. */
  readonly fetched?: (fetched: FetchedPartition) => FetchedPartition;
}

/** A log of which some methods are wrong. */
export function withLog(wrong: (log: Log) => Partial<Log>): NonNullable<Mutant["ports"]> {
  return ({ log, store }) => ({ store, log: overridden(log, wrong(log)) });
}

/** A store of which some methods are wrong. */
export function withStore(wrong: (store: Store) => Partial<Store>): NonNullable<Mutant["ports"]> {
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
