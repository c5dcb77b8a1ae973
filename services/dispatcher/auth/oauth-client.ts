/** A client of OAuth 2, as it asks for access tokens. Nothing of it is ever logged. */
export interface OAuthClient {
  /** What it is called where it is configured. */
  readonly name: string;
  /** Where tokens are given, or whose metadata says where. */
  readonly tokenUrl: string | { readonly issuer: string };
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Where its secret goes: into the header, or into the body. */
  readonly secretIn: "header" | "body";
  /** `client_credentials`, `password`, or the URN of another grant. */
  readonly grantType: string;
  /** What else it asks with: scope, audience, who the user is. */
  readonly parameters: Readonly<Record<string, string>>;
  /** How long before it expires a token is replaced, in milliseconds; absent: the usual time. */
  readonly earlyMs?: number;
}

/** The grant of token exchange (RFC 8693), and the type of the tokens that come and go. */
export const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
export const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
