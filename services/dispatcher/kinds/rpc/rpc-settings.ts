import { type Definition, durationMs, propertyOf } from "@antiphon/definition";
import { ActionError } from "../../perform/action-error.ts";

/** How long a call with a stream may take, in milliseconds, unless `kogito.grpc.stream.timeout` says otherwise, in seconds. */
export const STREAM_TIMEOUT_MS = 20_000;

/** Where a gRPC service is that nobody tells the place of: as Quarkus has it. */
const DEFAULT_HOST = "localhost";
const DEFAULT_PORT = "9000";

/** How one service is called. */
export interface RpcSettings {
  /** `host:port`. */
  readonly address: string;
  /** Without TLS. */
  readonly plainText: boolean;
  /** How long one call may take, in milliseconds; absent: as long as any action. */
  readonly deadlineMs?: number;
  readonly streamTimeoutMs: number;
  /** Enums that have their default value are named in results. */
  readonly withEnums: boolean;
}

/** Reads `quarkus.grpc.clients.{service}.…`; the service is named without its package, or with it in quotes. Throws `ActionError`. */
export function rpcSettings({ properties }: Definition, service: string): RpcSettings {
  const simple = service.slice(service.lastIndexOf(".") + 1);
  const client = (key: string): string | undefined => {
    for (const name of [simple, `"${simple}"`, `"${service}"`, service]) {
      const value = propertyOf(properties, `quarkus.grpc.clients.${name}.${key}`)?.trim();
      if (value !== undefined && value !== "") return value;
    }
    return undefined;
  };
  const deadline = client("deadline");
  const streamTimeout = propertyOf(properties, "kogito.grpc.stream.timeout");
  const tls = client("tls.enabled") === "true" || client("tls-configuration-name") !== undefined;
  return {
    address: `${client("host") ?? DEFAULT_HOST}:${client("port") ?? DEFAULT_PORT}`,
    plainText: (client("plain-text") ?? String(!tls)) !== "false",
    ...(deadline !== undefined && { deadlineMs: msOf(deadline, `quarkus.grpc.clients.${simple}.deadline`) }),
    streamTimeoutMs:
      streamTimeout === undefined ? STREAM_TIMEOUT_MS : msOf(streamTimeout, "kogito.grpc.stream.timeout"),
    withEnums: propertyOf(properties, "kogito.grpc.enum.includeDefault")?.trim() === "true",
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration as Quarkus reads it: ISO 8601, a number of seconds, or a number with a unit, `500ms`. */
function msOf(text: string, key: string): number {
  const [, digits, unit = "s"] = /^(\d{1,12})(ms|s|m|h|d)?$/i.exec(text.trim()) ?? [];
  const ms = digits === undefined ? durationMs(text.trim()) : Number(digits) * (UNITS[unit.toLowerCase()] ?? 1_000);
  if (ms !== undefined && ms > 0) return ms;
  throw new ActionError("400", `${key}: expected a duration such as 2s or PT2S, found ${JSON.stringify(text)}`);
}
