import type { Definition, FunctionDefinition, OpenApiOperation } from "@antiphon/definition";
import { authCredential } from "./auth-credential.ts";
import type { Credential } from "./credential.ts";
import { functionCredential } from "./function-credential.ts";
import { type PassedOn, schemeCredential } from "./scheme-credential.ts";

/**
 * What finds by what the calls of a function say who they are for: the first way of its operation's security for which
 * there is everything, else what is configured for the function, else what its `authRef` names. None: a call says
 * nothing, and the service may refuse it. Both throw `ActionError`.
 */
export function credentialsFor(
  definition: Definition,
  called: FunctionDefinition,
): (passedOn: PassedOn) => readonly Credential[] {
  const bySecurity = called.kind === "openapi" ? waysOf(definition, called.operation) : () => undefined;
  const byFunction = functionCredential(definition, called.name);
  const { authRef = "" } = called;
  const auth = Object.hasOwn(definition.auth, authRef) ? definition.auth[authRef] : undefined;
  return (passedOn) => {
    const found = bySecurity(passedOn);
    if (found !== undefined) return found;
    if (byFunction !== undefined) return [byFunction];
    return auth === undefined ? [] : [authCredential(definition, auth)];
  };
}

function waysOf(
  definition: Definition,
  operation: OpenApiOperation,
): (passedOn: PassedOn) => readonly Credential[] | undefined {
  const ways = operation.security.map((way) => way.map((one) => schemeCredential(definition, operation, one)));
  return (passedOn) => {
    for (const way of ways) {
      const credentials = way.map((find) => find(passedOn)).filter((one) => one !== undefined);
      if (credentials.length > 0 && credentials.length === way.length) return credentials;
    }
    return undefined;
  };
}
