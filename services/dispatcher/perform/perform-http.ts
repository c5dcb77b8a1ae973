import type { Clock } from "@antiphon/processor";
import type { ActionOutcome } from "@antiphon/protocol";
import type { Dispatcher } from "undici";
import { authorize } from "../auth/authorize.ts";
import type { Tokens } from "../auth/tokens.ts";
import { within } from "../kinds/within.ts";
import { callerHeaders } from "../request/caller-headers.ts";
import { assemble, type HttpRequest, type RequestParts } from "../request/http-request.ts";
import { ActionError } from "./action-error.ts";
import type { FunctionSettings } from "./function-settings.ts";
import type { Asked, Plan } from "./plan.ts";
import { sendRequest } from "./send-request.ts";

/** What HTTP requests are made with. */
export interface HttpPorts {
  readonly agent: Dispatcher;
  readonly tokens: Tokens;
  readonly settings: FunctionSettings;
  readonly clock: Clock;
  /** How long any action may take, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * An action that is one HTTP request, with what says who asks; `outcomeOf` makes its outcome of the response's. Throws
 * `ActionError`.
 */
export function performHttp(
  { agent, tokens, settings, clock, timeoutMs: longestMs }: HttpPorts,
  { definition, called, instance, requested }: Asked,
  parts: RequestParts,
  outcomeOf: (response: ActionOutcome) => ActionOutcome = (response) => response,
): Plan {
  const request = assemble(parts, callerHeaders(definition, instance, requested));
  const configured = settings.of(definition, called);
  const credentials = configured.credentials(requested.tokens ?? {});
  const timeoutMs = Math.min(configured.timeoutMs ?? longestMs, longestMs);

  async function send(signal: AbortSignal): Promise<ActionOutcome> {
    const authorized = await authorize(tokens, request, credentials, signal);
    const outcome = await sendRequest(agent, authorized.request, signal);
    if (outcome.status === "completed" && outcome.http?.status === 401) authorized.refused();
    return outcome;
  }

  return {
    origin: request.origin,
    perform: async (signal) => outcomeOf(await within(clock, timeoutMs, signal, tookTooLong(request, timeoutMs), send)),
  };
}

function tookTooLong({ method, origin, path }: HttpRequest, timeoutMs: number): ActionError {
  return new ActionError(
    "timeout",
    `${method} ${origin}${path.split("?")[0]}: expected a response within ${timeoutMs} ms, found none`,
  );
}
