import type { Definition } from "@antiphon/definition";
import type { Definitions } from "@antiphon/host/definitions";
import type { Clock, Logger } from "@antiphon/processor";
import type { ActionOutcome } from "@antiphon/protocol";
import type { Agent } from "undici";
import type { RequestMetrics } from "../metrics.ts";
import { buildRequest } from "../request/build-request.ts";
import { ActionError } from "./action-error.ts";
import { attempt } from "./attempt.ts";
import type { OpenRequest } from "./open-requests.ts";
import type { Turns } from "./turns.ts";

/** How often a definition is looked for that has not been read yet; each time takes a while. */
const DEFINITION_TRIES_MAX = 6;

/** What all partitions perform actions with. */
export interface PerformPorts {
  readonly definitions: Pick<Definitions, "find" | "get">;
  readonly agent: Agent;
  readonly turns: Turns;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RequestMetrics;
}

/** What ends an action early beside its being closed. */
export interface Interruption {
  /** Nothing more begins. */
  readonly stopping: AbortSignal;
  /** What is under way is broken off. */
  readonly abort: AbortSignal;
}

/**
 * Performs an action, when it is its turn at its host. Undefined: it was closed or interrupted, and has no outcome. Never
 * rejects: whatever goes wrong is an outcome.
 */
export async function performAction(
  ports: PerformPorts,
  request: OpenRequest,
  interruption: Interruption,
): Promise<ActionOutcome | undefined> {
  const { metrics } = ports;
  const outcome = await perform(ports, request, interruption).catch((error: unknown): ActionOutcome => {
    return { status: "failed", error: toActionError(error, ports.logger).error };
  });
  if (outcome !== undefined) metrics.finished.inc({ outcome: labelOf(outcome) });
  return outcome;
}

async function perform(
  { definitions, agent, turns, timeoutMs, clock, metrics }: PerformPorts,
  request: OpenRequest,
  { stopping, abort }: Interruption,
): Promise<ActionOutcome | undefined> {
  const { instance, requested, closed } = request;
  const definition = definitions.find(requested.definition)?.definition ?? (await late(definitions, request, stopping));
  if (definition === undefined) return undefined;
  const http = buildRequest(definition, instance, requested);
  metrics.queued.inc();
  using turn = await turns.take(http.origin, closed, stopping).finally(() => metrics.queued.dec());
  if (turn === undefined) return undefined;
  metrics.inFlight.inc();
  return await attempt({ agent, clock, timeoutMs }, http, abort).finally(() => metrics.inFlight.dec());
}

/** A definition that has not been read yet. Undefined: nobody waits for it any more. */
async function late(
  definitions: PerformPorts["definitions"],
  { requested: { definition: hash }, closed }: OpenRequest,
  stopping: AbortSignal,
): Promise<Definition | undefined> {
  const stopped = Promise.withResolvers<undefined>();
  const stop = (): void => stopped.resolve(undefined);
  stopping.addEventListener("abort", stop);
  try {
    for (let tries = 1; !closed.aborted && !stopping.aborted; tries++) {
      try {
        const deployment = await Promise.race([definitions.get(hash), stopped.promise]);
        return deployment?.definition;
      } catch (error) {
        if (tries === DEFINITION_TRIES_MAX)
          throw new ActionError("internal", (error as Error).message, { cause: error });
      }
    }
    return undefined;
  } finally {
    stopping.removeEventListener("abort", stop);
  }
}

function toActionError(error: unknown, logger: Logger): ActionError {
  if (error instanceof ActionError) return error;
  logger.error({ err: error }, "an action could not be performed");
  return new ActionError("internal", error instanceof Error ? error.message : String(error), { cause: error });
}

function labelOf(outcome: ActionOutcome): string {
  if (outcome.status === "failed") return outcome.error.code;
  return outcome.http === undefined ? "completed" : `${Math.floor(outcome.http.status / 100)}xx`;
}
