import { durationMs } from "@antiphon/definition";
import { hostSettings, setting, url, wholeNumber } from "@antiphon/host";
import { z } from "zod";

/** The most requests at a time to one host that a deployment may ask for. */
export const CONCURRENCY_MAX = 10_000;
/** The longest that an action may be waited for, in milliseconds. */
export const ACTION_TIMEOUT_MS_MAX = 3_600_000;

/** What a dispatcher reads from the environment. */
export const dispatcherSettings = z.object({
  ...hostSettings.shape,
  /** How many requests are under way to one host (scheme, host and port) at a time. */
  concurrency: setting(
    "ANTIPHON_DISPATCHER_CONCURRENCY",
    `a whole number from 1 to ${CONCURRENCY_MAX}`,
    wholeNumber(1, CONCURRENCY_MAX).default(64),
  ),
  /** How long one attempt of an action may take, until the whole response is there. */
  actionTimeoutMs: setting(
    "ANTIPHON_ACTION_TIMEOUT",
    "a duration such as PT60S, of at most an hour",
    z
      .string()
      .transform((text) => durationMs(text) ?? 0)
      .pipe(z.number().min(1).max(ACTION_TIMEOUT_MS_MAX))
      .default(60_000),
  ),
  /** The folder that has the functions of workflows' authors; what was deployed from elsewhere does not run here. */
  workflows: setting("ANTIPHON_WORKFLOWS", "a folder of definitions", z.string().default("examples")),
  /** Where produced events are posted whose type has no channel of its own. Absent: to the topic named like their type. */
  sink: setting("ANTIPHON_SINK", "an http:// or https:// URL", url("http", "https").optional(), { also: ["K_SINK"] }),
});

type Settings = z.output<typeof dispatcherSettings>;

export type DispatcherConfig = Pick<Settings, "concurrency" | "actionTimeoutMs" | "sink"> &
  Partial<Pick<Settings, "workflows">>;
