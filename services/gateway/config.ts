import { hostSettings, setting, url, wholeNumber } from "@antiphon/host";
import { z } from "zod";

/** What a gateway reads from the environment. */
export const gatewaySettings = z.object({
  ...hostSettings.shape,
  host: setting("ANTIPHON_HOST", "the address or name to listen on", z.string().min(1).default("127.0.0.1")),
  /** 0 picks a free port. */
  port: setting("ANTIPHON_PORT", "a port from 0 to 65535", wholeNumber(0, 65_535).default(8080)),
  /** How clients reach it; absent: as they name it in their requests. */
  publicUrl: setting(
    "ANTIPHON_PUBLIC_URL",
    "the http(s) URL under which services reach the gateway",
    url("http", "https").optional(),
  ),
  /** How long a request waits for its answer. */
  replyTimeoutMs: setting(
    "ANTIPHON_REPLY_TIMEOUT_MS",
    "milliseconds from 100 to 600000",
    wholeNumber(100, 600_000).default(30_000),
  ),
  /** The folder of definitions that are deployed at the start. */
  workflows: setting("ANTIPHON_WORKFLOWS", "a folder of definitions", z.string().default("examples")),
});

type Settings = z.output<typeof gatewaySettings>;

/** Without a retention it is taken that rows of the ledger are kept for good. */
export type GatewayConfig = Pick<Settings, "host" | "port" | "publicUrl" | "replyTimeoutMs"> &
  Partial<Pick<Settings, "retention">>;
