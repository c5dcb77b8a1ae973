import type { CallbackTokens, Health } from "@antiphon/host";
import type { Definitions } from "@antiphon/host/definitions";
import type { Log } from "@antiphon/log";
import type { Clock, Logger } from "@antiphon/processor";
import type { Store } from "@antiphon/store";

/** What a gateway is started with. */
export interface GatewayPorts {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  /** Of every topic that is keyed by an instance or a correlation key. */
  readonly partitions: number;
  readonly callbackTokens: Pick<CallbackTokens, "read">;
  readonly health: Pick<Health, "report">;
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
}
