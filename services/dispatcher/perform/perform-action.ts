import type { Definition } from "@antiphon/definition";
import type { Definitions } from "@antiphon/host/definitions";
import { LogUnavailableError } from "@antiphon/log";
import type { Logger } from "@antiphon/processor";
import type { ActionOutcome } from "@antiphon/protocol";
import type { RequestMetrics } from "../metrics.ts";
import { ActionError, isActionErrorCode } from "./action-error.ts";
import type { OpenRequest } from "./open-requests.ts";
import { type Plan, type PlanPorts, planOf } from "./plan.ts";
import type { Turns } from "./turns.ts";

/** How long it rests before it looks again for a definition, where the log of definitions cannot be read, in milliseconds. */
const RETRY_MS = 1_000;

/** What all partitions perform actions with. */
export interface PerformPorts extends PlanPorts {
  readonly definitions: Pick<Definitions, "find" | "newest">;
  readonly turns: Turns;
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
  ports: PerformPorts,
  request: OpenRequest,
  { stopping, abort }: Interruption,
): Promise<ActionOutcome | undefined> {
  const { definitions, turns, metrics } = ports;
  const { requested, closed } = request;
  const definition = definitions.find(requested.definition)?.definition ?? (await late(ports, request, stopping));
  if (definition === undefined) return undefined;
  const plan = planOf(ports, definition, request);
  metrics.queued.inc();
  using turn = await turns.take(plan.origin, closed, stopping).finally(() => metrics.queued.dec());
  if (turn === undefined) return undefined;
  metrics.inFlight.inc();
  return await performWith(plan, abort).finally(() => metrics.inFlight.dec());
}

/** Undefined: it was broken off, and nobody knows what came of it. */
async function performWith(plan: Plan, abort: AbortSignal): Promise<ActionOutcome | undefined> {
  try {
    return await plan.perform(abort);
  } catch (error) {
    if (abort.aborted && !(error instanceof ActionError)) return undefined;
    throw error;
  }
}

/**
 * A definition that has not been read yet. Who asks for the action has seen it in the log: if it is not there, it never
 * comes; while the log cannot be read, nothing is said about it. Undefined: nobody waits for it any more.
 */
async function late(
  { definitions, clock, logger }: PerformPorts,
  { instance, requested: { action, definition: hash }, closed }: OpenRequest,
  stopping: AbortSignal,
): Promise<Definition | undefined> {
  const over = AbortSignal.any([closed, stopping]);
  const isOver = new Promise<void>((resolve) => over.addEventListener("abort", () => resolve(), { once: true }));
  while (!over.aborted) {
    try {
      await Promise.race([definitions.newest(), isOver]);
      if (over.aborted) return undefined;
      const definition = definitions.find(hash)?.definition;
      if (definition !== undefined) return definition;
      throw new ActionError("internal", `definition ${hash}: expected among the deployed definitions, found nothing`);
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      logger.warn({ err: error, instance, action, retryMs: RETRY_MS }, "an action waits for its definition");
      await clock.sleep(RETRY_MS, over);
    }
  }
  return undefined;
}

function toActionError(error: unknown, logger: Logger): ActionError {
  if (error instanceof ActionError) return error;
  logger.error({ err: error }, "an action could not be performed");
  return new ActionError("internal", error instanceof Error ? error.message : String(error), { cause: error });
}

function labelOf(outcome: ActionOutcome): string {
  // Codes of others are without number, and a label must not be.
  if (outcome.status === "failed") return isActionErrorCode(outcome.error.code) ? outcome.error.code : "failed";
  return outcome.http === undefined ? "completed" : `${Math.floor(outcome.http.status / 100)}xx`;
}
