import type { Log } from "@antiphon/log";
import type { Store } from "@antiphon/store";

/** What queries read from. */
export interface QueryPorts {
  readonly log: Pick<Log, "read" | "bounds">;
  readonly store: Pick<Store, "load" | "scan">;
  /** Of every topic that is keyed by an instance or a correlation key. */
  readonly partitions: number;
}
