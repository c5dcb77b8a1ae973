import type { FunctionDefinition, OpenApiOperation } from "../model.ts";
import { type Configured, clientKeys, spellingsOf } from "../properties/client-url.ts";
import { propertyOf } from "../properties/properties.ts";

/** What is configured of a security scheme, `quarkus.openapi-generator.{key}.auth.{scheme}.{name}`; undefined: nothing. */
export function schemeProperty(
  definition: Configured,
  operation: OpenApiOperation,
  scheme: string,
  name: string,
): string | undefined {
  for (const key of clientKeys(definition, operation)) {
    for (const spelling of spellingsOf(scheme)) {
      const value = propertyOf(definition.properties, `quarkus.openapi-generator.${key}.auth.${spelling}.${name}`);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

/** Whether a token that was passed on is exchanged for another one before the call. */
export function exchangesToken({ properties }: Configured, scheme: string): boolean {
  return spellingsOf(scheme).some(
    (one) => propertyOf(properties, `sonataflow.security.auth.${one}.token-exchange.enabled`)?.trim() === "true",
  );
}

/**
 * The header from which a scheme takes the token that its calls pass on: of the request that has started the instance,
 * or the attribute of that name of the event that did. In lower case; undefined: it passes none on.
 */
export function propagatedHeader(
  definition: Configured,
  operation: OpenApiOperation,
  scheme: string,
): string | undefined {
  const isPropagated = schemeProperty(definition, operation, scheme, "token-propagation")?.trim() === "true";
  if (!isPropagated && !exchangesToken(definition, scheme)) return undefined;
  return (schemeProperty(definition, operation, scheme, "header-name")?.trim() || "authorization").toLowerCase();
}

/** The headers whose tokens the calls of a function pass on. */
export function propagatedHeaders(definition: Configured, called: FunctionDefinition): readonly string[] {
  if (called.kind !== "openapi") return [];
  const schemes = called.operation.security.flat().map(({ name }) => name);
  const headers = schemes.map((scheme) => propagatedHeader(definition, called.operation, scheme));
  return [...new Set(headers.filter((header) => header !== undefined))];
}
