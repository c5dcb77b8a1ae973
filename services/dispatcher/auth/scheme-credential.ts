import {
  type Definition,
  exchangesToken,
  type OpenApiOperation,
  type OpenApiSecurity,
  propagatedHeader,
  schemeProperty,
} from "@antiphon/definition";
import type { Credential } from "./credential.ts";
import { oidcClient } from "./oidc-client.ts";

/** Tokens that an instance passes on, by the headers that brought them. */
export type PassedOn = Readonly<Record<string, string>>;

/**
 * What finds the credential of a scheme: that which the instance passes on, or else that which is configured; undefined:
 * there is none. All that is configured is looked up once. Both throw `ActionError`.
 */
export function schemeCredential(
  definition: Definition,
  operation: OpenApiOperation,
  { name, scheme }: OpenApiSecurity,
): (passedOn: PassedOn) => Credential | undefined {
  const property = (key: string): string | undefined => schemeProperty(definition, operation, name, key);
  const header = propagatedHeader(definition, operation, name);
  const found = (tokens: PassedOn): string | undefined => (header === undefined ? undefined : tokens[header]);
  switch (scheme.type) {
    case "apiKey": {
      const own = property("api-key");
      return (tokens) => {
        const value = found(tokens) ?? own;
        return value === undefined ? undefined : { kind: "apiKey", in: scheme.in, name: scheme.parameter, value };
      };
    }
    case "basic": {
      const [username, password] = [property("username"), property("password")];
      if (username === undefined && password === undefined) return () => undefined;
      return () => ({ kind: "basic", username: username ?? "", password: password ?? "" });
    }
    case "bearer":
    case "oauth2": {
      const server = scheme.type === "oauth2" ? scheme : { type: "oauth2" as const };
      const own = bearer(property("bearer-token")) ?? oauth(oidcClient(definition, name, server));
      // Where both are on the token goes out as it came, as it does in SonataFlow.
      const isExchanged = exchangesToken(definition, name) && property("token-propagation")?.trim() !== "true";
      return (tokens) => {
        const token = found(tokens)?.replace(/^Bearer\s+/i, "");
        const exchanged = isExchanged && token !== undefined ? oidcClient(definition, name, server, token) : undefined;
        return oauth(exchanged) ?? bearer(token) ?? own;
      };
    }
  }
}

function bearer(token: string | undefined): Credential | undefined {
  return token === undefined ? undefined : { kind: "bearer", token };
}

function oauth(client: ReturnType<typeof oidcClient>): Credential | undefined {
  return client && { kind: "oauth2", client };
}
