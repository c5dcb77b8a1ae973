import type { FunctionDefinition, RpcMethod } from "@antiphon/definition";
import type { Clock } from "@antiphon/processor";
import type { ActionOutcome } from "@antiphon/protocol";
import { status } from "@grpc/grpc-js";
import { authorize } from "../../auth/authorize.ts";
import { credentialsFor } from "../../auth/credentials-for.ts";
import type { Tokens } from "../../auth/tokens.ts";
import { configuredTimeoutMs } from "../../perform/configured-timeout.ts";
import type { Asked, Plan } from "../../perform/plan.ts";
import { callerHeaders } from "../../request/caller-headers.ts";
import { within } from "../within.ts";
import { callRpc } from "./call-rpc.ts";
import { type MessageCodec, messageCodec } from "./messages.ts";
import type { RpcClients } from "./rpc-clients.ts";
import { rpcFailure } from "./rpc-error.ts";
import { type RpcSettings, rpcSettings } from "./rpc-settings.ts";

type RpcFunction = Extract<FunctionDefinition, { readonly kind: "rpc" }>;

/** What gRPC methods are called with. */
export interface RpcPorts {
  readonly clients: RpcClients;
  /** Those of methods that were called before. */
  readonly codecs: WeakMap<RpcMethod, MessageCodec>;
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** How long any action may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** An action that is a call of gRPC. Throws `ActionError`. */
export function performRpc(ports: RpcPorts, { definition, called, instance, requested }: Asked<RpcFunction>): Plan {
  const settings = rpcSettings(definition, called.service);
  const origin = `grpc://${settings.address}`;
  const credentials = credentialsFor(definition, called)(requested.tokens ?? {});
  const headers = callerHeaders(definition, instance, requested);
  const ownMs = configuredTimeoutMs(definition, called) ?? timeoutOf(called, settings);
  const timeoutMs = Math.min(ownMs, ports.timeoutMs);
  const late = new DeadlineError(`no answer within ${timeoutMs} ms`);

  async function call(signal: AbortSignal): Promise<ActionOutcome> {
    // Who asks is said in the metadata, as it is in the headers of the HTTP request that carries it.
    const request = { method: "POST", origin, path: "", headers };
    const authorized = await authorize(ports.tokens, request, credentials, signal);
    const client = ports.clients.get(settings);
    const codec = codecOf(ports, called, settings.withEnums);
    const said = { args: requested.arguments, headers: authorized.request.headers };
    const outcome = await callRpc({ client, method: called, codec, ...said }, signal);
    if (outcome.status === "failed" && outcome.error.code === "UNAUTHENTICATED") authorized.refused();
    return outcome;
  }

  async function perform(signal: AbortSignal): Promise<ActionOutcome> {
    try {
      return await within(ports.clock, timeoutMs, signal, late, call);
    } catch (error) {
      if (error === late) return rpcFailure({ code: status.DEADLINE_EXCEEDED, details: late.message });
      throw error;
    }
  }

  return { origin, perform };
}

class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

function timeoutOf({ requestStream, responseStream }: RpcMethod, { deadlineMs, streamTimeoutMs }: RpcSettings): number {
  const ownMs = deadlineMs ?? Number.POSITIVE_INFINITY;
  return requestStream || responseStream ? Math.min(ownMs, streamTimeoutMs) : ownMs;
}

function codecOf({ codecs }: RpcPorts, method: RpcMethod, withEnums: boolean): MessageCodec {
  const codec = codecs.get(method) ?? messageCodec(method, withEnums);
  codecs.set(method, codec);
  return codec;
}
