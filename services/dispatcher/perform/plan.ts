import type { Definition, FunctionDefinition } from "@antiphon/definition";
import type { ActionOutcome, ActionRequested } from "@antiphon/protocol";
import { graphQlOutcome, graphQlRequest } from "../kinds/graphql-request.ts";
import { knativeRequest, knativeTimeoutMs } from "../kinds/knative-request.ts";
import { type ModulePorts, performModule } from "../kinds/module/perform-module.ts";
import { odataOutcome, odataRequest } from "../kinds/odata-request.ts";
import { performRpc, type RpcPorts } from "../kinds/rpc/perform-rpc.ts";
import { restRequest } from "../request/rest-request.ts";
import { ActionError } from "./action-error.ts";
import type { OpenRequest } from "./open-requests.ts";
import { type HttpPorts, performHttp } from "./perform-http.ts";
import { performOpenApi } from "./perform-openapi.ts";

/** How an action will be performed. */
export interface Plan {
  /** What one queue is for: scheme, host and port of a service. */
  readonly origin: string;
  /** Performs it, within a time of its own. Throws `ActionError`; what it does when the signal aborts, nobody hears. */
  perform(signal: AbortSignal): Promise<ActionOutcome>;
}

/** What all kinds of actions are performed with. */
export type PlanPorts = HttpPorts & RpcPorts & ModulePorts;

/** What is to be done for whom. */
export interface Asked<F extends FunctionDefinition = FunctionDefinition> {
  readonly definition: Definition;
  readonly called: F;
  readonly instance: string;
  readonly requested: ActionRequested;
}

/** How an action is performed, by the kind of its function: the one place that knows them all. Throws `ActionError`. */
export function planOf(ports: PlanPorts, definition: Definition, { instance, requested, closed }: OpenRequest): Plan {
  const called = functionNamed(definition, requested.function);
  const asked = { definition, called, instance, requested };
  const { arguments: args } = requested;
  switch (called.kind) {
    case "openapi":
      return performOpenApi(ports, { ...asked, called });
    case "http":
      return performHttp(ports, asked, restRequest(definition, called, args));
    case "graphql":
      return performHttp(ports, asked, graphQlRequest(called, requested), (it) => graphQlOutcome(called, it));
    case "odata":
      return performHttp(ports, asked, odataRequest(called, args), (it) => odataOutcome(args, it));
    case "knative":
      return performHttp(
        within(ports, knativeTimeoutMs(definition)),
        asked,
        knativeRequest(definition, called, instance, requested),
      );
    case "rpc":
      return performRpc(ports, { ...asked, called });
    case "module":
      return performModule(ports, { ...asked, called, closed });
    case "asyncapi":
    case "expression":
    case "sysout":
      throw noneToCall(definition, requested.function, `one of kind "${called.kind}"`);
  }
}

/** The same, but an action may take no longer than this. */
function within(ports: HttpPorts, timeoutMs: number): HttpPorts {
  return { ...ports, timeoutMs: Math.min(ports.timeoutMs, timeoutMs) };
}

function functionNamed(definition: Definition, name: string): FunctionDefinition {
  const called = Object.hasOwn(definition.functions, name) ? definition.functions[name] : undefined;
  if (called === undefined) throw noneToCall(definition, name, "none");
  return called;
}

function noneToCall({ id }: Definition, name: string, found: string): ActionError {
  return new ActionError("400", `workflow "${id}", function "${name}": expected one to call, found ${found}`);
}
