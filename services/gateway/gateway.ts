import type { ReadBundleFiles } from "@antiphon/host/definitions";
import type { Catalog } from "./catalog.ts";
import type { GatewayConfig } from "./config.ts";
import type { GatewayPorts } from "./ports.ts";
import type { Freshness } from "./queries/freshness.ts";
import type { Requests } from "./requests.ts";
import type { SchemaChecks } from "./schema-checks.ts";

/** What the routes work with. */
export interface Gateway {
  readonly ports: GatewayPorts;
  readonly config: Pick<GatewayConfig, "publicUrl" | "replyTimeoutMs" | "retention">;
  readonly requests: Requests;
  readonly catalog: Catalog;
  readonly schemas: SchemaChecks;
  readonly freshness: Freshness;
  /** Reads what is uploaded, where it holds up nobody. */
  readonly readFiles: ReadBundleFiles;
  /** Aborts when the gateway stops: streams end. */
  readonly signal: AbortSignal;
}
