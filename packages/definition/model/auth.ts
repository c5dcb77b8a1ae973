import type { JsonObject } from "@antiphon/protocol";

/** How a caller says who it is. Texts may be expressions, as of `$SECRET`. */
export type AuthDefinition =
  | {
      readonly name: string;
      readonly scheme: "basic";
      readonly username: string;
      readonly password: string;
      readonly metadata: JsonObject;
    }
  | { readonly name: string; readonly scheme: "bearer"; readonly token: string; readonly metadata: JsonObject }
  | OAuth2Definition
  /** An expression of an object with the members of the scheme, `$SECRET.payments`. */
  | { readonly name: string; readonly scheme: AuthScheme; readonly properties: string };

export type AuthScheme = "basic" | "bearer" | "oauth2";

export interface OAuth2Definition {
  readonly name: string;
  readonly scheme: "oauth2";
  readonly grantType: "password" | "clientCredentials" | "tokenExchange";
  readonly clientId: string;
  readonly clientSecret?: string;
  /** The URL of who gives the tokens. */
  readonly authority?: string;
  readonly scopes: readonly string[];
  readonly username?: string;
  readonly password?: string;
  readonly audiences: readonly string[];
  readonly subjectToken?: string;
  readonly requestedSubject?: string;
  readonly requestedIssuer?: string;
  readonly metadata: JsonObject;
}
