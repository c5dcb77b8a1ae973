import type { FunctionContext, FunctionLog } from "@antiphon/client";
import type { Clock } from "@antiphon/processor";
import type { ActionOutcome } from "@antiphon/protocol";
import type { MessageLogger } from "../../log-messages.ts";
import { configuredTimeoutMs } from "../../perform/configured-timeout.ts";
import type { Asked, Plan } from "../../perform/plan.ts";
import { untilAborted } from "../../perform/until-aborted.ts";
import { idempotencyKey } from "../../request/caller-headers.ts";
import { failed, RUNTIME } from "../failed.ts";
import { within } from "../within.ts";
import { loadModule, type ModuleFunctionDefinition, ModuleLoadError } from "./load-module.ts";
import { fromPlain, NotJsonError, toPlain } from "./plain-values.ts";
import { thrownError } from "./thrown-error.ts";

/** What functions of a workflow's author run with. */
export interface ModulePorts {
  readonly clock: Clock;
  readonly logger: MessageLogger;
  /** The folder of resources; absent: this machine runs none of them. */
  readonly folder: string | undefined;
  /** How long an action may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** A function to run, and for whom. */
export interface ModuleCall extends Asked<ModuleFunctionDefinition> {
  /** Aborts when nobody waits for its result any more. */
  readonly closed: AbortSignal;
}

/**
 * An action that is a function of a workflow's author. One that does not end in time is told so by its signal and is
 * waited for no longer.
 */
export function performModule(ports: ModulePorts, asked: ModuleCall): Plan {
  const { clock, folder, logger } = ports;
  const { definition, called, requested } = asked;
  const timeoutMs = Math.min(configuredTimeoutMs(definition, called) ?? ports.timeoutMs, ports.timeoutMs);
  const what = `function "${called.name}"`;
  const late = new LateError(`${what}: expected a result within ${timeoutMs} ms, found none`);

  async function run(signal: AbortSignal): Promise<unknown> {
    const loaded = await loadModule(folder, called);
    signal.throwIfAborted();
    return await loaded(toPlain(requested.arguments), contextOf(asked, logger, signal));
  }

  async function perform(signal: AbortSignal): Promise<ActionOutcome> {
    try {
      const result = await within(clock, timeoutMs, signal, late, (broken) => untilAborted(broken, run(broken)));
      return { status: "completed", ...(result !== undefined && { output: fromPlain(result) }) };
    } catch (error) {
      if (error === late) return failed("timeout", late.message, ["java.util.concurrent.TimeoutException", ...RUNTIME]);
      if (signal.aborted) throw signal.reason;
      if (error instanceof ModuleLoadError) return failed("module", error.message, RUNTIME);
      if (error instanceof NotJsonError) return failed("result", `${what}: ${error.message}`, RUNTIME);
      return { status: "failed", error: thrownError(error, what) };
    }
  }

  return { origin: `module:${called.module}`, perform };
}

class LateError extends Error {
  override readonly name = "LateError";
}

function contextOf(asked: ModuleCall, logger: MessageLogger, broken: AbortSignal): FunctionContext {
  const { definition, instance, requested, closed } = asked;
  const { action, attempt = 1, function: name } = requested;
  return {
    instanceId: instance,
    workflowId: definition.id,
    actionId: action,
    attempt,
    idempotencyKey: idempotencyKey(instance, action),
    signal: AbortSignal.any([broken, closed]),
    log: logOf(logger, { instance, workflow: definition.id, action, function: name }),
  };
}

function logOf(logger: MessageLogger, whose: object): FunctionLog {
  return {
    debug: (message, details) => logger.debug({ ...whose, ...details }, message),
    info: (message, details) => logger.info({ ...whose, ...details }, message),
    warn: (message, details) => logger.warn({ ...whose, ...details }, message),
    error: (message, details) => logger.error({ ...whose, ...details }, message),
  };
}
