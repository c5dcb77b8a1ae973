import type { Definition } from "@antiphon/definition";
import type { ActionRequested } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { callerHeaders } from "./caller-headers.ts";
import { assemble, type HttpRequest, type RequestParts } from "./http-request.ts";
import { openApiRequest } from "./openapi-request.ts";
import { restRequest } from "./rest-request.ts";

/** The HTTP request that an action stands for, the same whenever it is made. Throws `ActionError` if there is none. */
export function buildRequest(definition: Definition, instance: string, requested: ActionRequested): HttpRequest {
  return assemble(partsOf(definition, requested), callerHeaders(definition, instance, requested));
}

function partsOf(definition: Definition, { function: name, arguments: args }: ActionRequested): RequestParts {
  const called = Object.hasOwn(definition.functions, name) ? definition.functions[name] : undefined;
  switch (called?.kind) {
    case "openapi":
      return openApiRequest(definition, called.operation, args);
    case "http":
      return restRequest(definition, called, args);
    case "expression":
    case "sysout":
    case undefined: {
      const found = called === undefined ? "none" : `one of kind "${called.kind}"`;
      throw new ActionError(
        "400",
        `workflow "${definition.id}", function "${name}": expected one to call, found ${found}`,
      );
    }
  }
}
