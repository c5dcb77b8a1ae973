import { basic, type HttpRequest } from "../request/http-request.ts";
import type { OAuthClient } from "./oauth-client.ts";

/** By what a caller says who it is. */
export type Credential =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "bearer"; readonly token: string }
  | {
      readonly kind: "apiKey";
      readonly in: "header" | "query" | "cookie";
      readonly name: string;
      readonly value: string;
    }
  | { readonly kind: "oauth2"; readonly client: OAuthClient };

/** The same request with a credential; a header that it has already was put there by the workflow, and stays. */
export function withCredential(
  request: HttpRequest,
  credential: Exclude<Credential, { readonly kind: "oauth2" }>,
): HttpRequest {
  switch (credential.kind) {
    case "basic":
      return withHeader(request, "authorization", basic(credential.username, credential.password));
    case "bearer":
      return withHeader(request, "authorization", `Bearer ${credential.token}`);
    case "apiKey":
      return withApiKey(request, credential);
  }
}

function withApiKey(
  request: HttpRequest,
  { in: place, name, value }: Extract<Credential, { readonly kind: "apiKey" }>,
): HttpRequest {
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  switch (place) {
    case "header":
      return withHeader(request, name.toLowerCase(), value);
    case "query":
      return { ...request, path: `${request.path}${request.path.includes("?") ? "&" : "?"}${pair}` };
    case "cookie": {
      const { cookie } = request.headers;
      return {
        ...request,
        headers: { ...request.headers, cookie: cookie === undefined ? pair : `${cookie}; ${pair}` },
      };
    }
  }
}

function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  return { ...request, headers: { [name]: value, ...request.headers } };
}
