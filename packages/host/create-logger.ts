import { type Logger, pino } from "pino";
import { PinoPretty } from "pino-pretty";
import type { HostConfig } from "./host-settings.ts";
import type { SecretMask } from "./secret-mask.ts";

export type { Logger };

/** The service's logger, which shows no secret: for eyes on a terminal, one JSON object a line everywhere else. Writes before it returns. */
export function createLogger(
  { logLevel }: Pick<HostConfig, "logLevel">,
  service: string,
  secrets: Pick<SecretMask, "hideIn">,
  { fd, isTTY }: { readonly fd: number; readonly isTTY: boolean } = process.stdout,
): Logger {
  const options = {
    level: logLevel,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: (line: string) => `${secrets.hideIn(line.trimEnd())}\n` },
  };
  if (!isTTY) return pino(options, pino.destination({ dest: fd, sync: true }));
  // Of problems and settings the message has it all, a line each.
  const ignore = "service,problems,settings";
  return pino(
    options,
    PinoPretty({ destination: fd, sync: true, ignore, singleLine: true, translateTime: "SYS:HH:MM:ss.l" }),
  );
}
