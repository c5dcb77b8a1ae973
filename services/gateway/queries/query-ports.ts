import type { Log } from "@antiphon/log";
import type { Clock } from "@antiphon/processor";
import type { Store } from "@antiphon/store";

/** What queries read from. */
export interface QueryPorts {
  readonly log: Pick<Log, "read" | "bounds">;
  readonly store: Pick<Store, "load" | "scan">;
  readonly clock: Pick<Clock, "sleep">;
  /** Of every topic that is keyed by an instance or a correlation key. */
  readonly partitions: number;
}
