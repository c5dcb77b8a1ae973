import { clientProperty, type Definition, durationMs, type FunctionDefinition, propertyOf } from "@antiphon/definition";
import { ActionError } from "./action-error.ts";

/**
 * How long a call of a function may take as it is configured, `kogito.sw.functions.{name}.timeout`, or for an operation
 * `quarkus.rest-client.{key}.read-timeout`, in milliseconds; undefined: nothing is configured. Throws `ActionError`.
 */
export function configuredTimeoutMs(definition: Definition, called: FunctionDefinition): number | undefined {
  const key = `kogito.sw.functions.${called.name}.timeout`;
  const ofFunction = propertyOf(definition.properties, key);
  if (ofFunction !== undefined) return read(ofFunction, key);
  if (called.kind !== "openapi") return undefined;
  const ofClient = clientProperty(definition, called.operation, "read-timeout");
  return ofClient === undefined ? undefined : read(ofClient, "quarkus.rest-client read-timeout");
}

/** A number of milliseconds, as SonataFlow has it, or a duration. */
function read(written: string, key: string): number {
  const text = written.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) : durationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new ActionError("400", `${key}: expected milliseconds or a duration, found ${JSON.stringify(text)}`);
}
