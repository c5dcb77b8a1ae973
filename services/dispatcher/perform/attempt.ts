import type { Clock } from "@antiphon/processor";
import type { ActionOutcome } from "@antiphon/protocol";
import type { Agent } from "undici";
import type { HttpRequest } from "../request/http-request.ts";
import { ActionError } from "./action-error.ts";
import { sendRequest } from "./send-request.ts";

/** One attempt, within a time. Undefined: `signal` has broken it off, and nobody knows what came of it. Throws `ActionError`. */
export async function attempt(
  { agent, clock, timeoutMs }: { readonly agent: Agent; readonly clock: Clock; readonly timeoutMs: number },
  request: HttpRequest,
  signal: AbortSignal,
): Promise<ActionOutcome | undefined> {
  const broken = new AbortController();
  const done = new AbortController();
  const breakOff = (): void => broken.abort();
  signal.addEventListener("abort", breakOff);
  if (signal.aborted) breakOff();
  void clock.sleep(timeoutMs, done.signal).then(() => {
    if (!done.signal.aborted) broken.abort(tookTooLong(request, timeoutMs));
  });
  try {
    return await sendRequest(agent, request, broken.signal);
  } catch (error) {
    if (error instanceof ActionError) throw error;
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    done.abort();
    signal.removeEventListener("abort", breakOff);
  }
}

function tookTooLong({ method, origin, path }: HttpRequest, timeoutMs: number): ActionError {
  return new ActionError(
    "timeout",
    `${method} ${origin}${path.split("?")[0]}: expected a response within ${timeoutMs} ms, found none`,
  );
}
