import { type Definition, durationMs, type OpenApiSecurityScheme, propertyOf, spellingsOf } from "@antiphon/definition";
import { ActionError } from "../perform/action-error.ts";
import { ACCESS_TOKEN, type OAuthClient, TOKEN_EXCHANGE } from "./oauth-client.ts";

type OAuthScheme = Extract<OpenApiSecurityScheme, { readonly type: "oauth2" }>;

/** The grants of Quarkus by what OAuth 2 calls them. */
const GRANTS: Readonly<Record<string, string>> = {
  client: "client_credentials",
  password: "password",
  exchange: TOKEN_EXCHANGE,
  jwt: "urn:ietf:params:oauth:grant-type:jwt-bearer",
};

/**
 * The client that is configured for a scheme, `quarkus.oidc-client.{scheme}.*`; undefined: none is. `subject`: the token
 * that it exchanges for its own. Throws `ActionError`.
 */
export function oidcClient(
  { properties }: Definition,
  name: string,
  scheme: OAuthScheme,
  subject?: string,
): OAuthClient | undefined {
  const prefixes = spellingsOf(name).flatMap((one) => [`quarkus.oidc-client.${one}`, `quarkus.oidc-client."${one}"`]);
  const prefix = prefixes.find((one) => propertyOf(properties, `${one}.client-id`) !== undefined);
  if (prefix === undefined) return undefined;
  // One that is empty is as good as not there, as in Quarkus.
  const property = (key: string): string | undefined => propertyOf(properties, `${prefix}.${key}`)?.trim() || undefined;
  const grant = subject === undefined ? (property("grant.type") ?? "client") : "exchange";
  const grantType = Object.hasOwn(GRANTS, grant) ? GRANTS[grant] : undefined;
  const tokenUrl = tokenUrlOf(property, scheme);
  if (grantType === undefined || tokenUrl === undefined) {
    const key = `${prefix}.${grantType === undefined ? "grant.type" : "auth-server-url"}`;
    const expected = grantType === undefined ? Object.keys(GRANTS).join(", ") : "the URL of who gives the tokens";
    throw new ActionError("400", `${key}: expected ${expected}, found ${grantType === undefined ? grant : "none"}`);
  }
  const secret = property("credentials.secret") ?? property("credentials.client-secret.value");
  return {
    name,
    tokenUrl,
    clientId: property("client-id") ?? "",
    ...(secret !== undefined && { clientSecret: secret }),
    secretIn: property("credentials.client-secret.method") === "post" ? "body" : "header",
    grantType,
    parameters: {
      ...listed("scope", property("scopes")),
      ...listed("audience", property("audience")),
      ...grantOptions(properties, `${prefix}.grant-options.${grant}`),
      ...(subject !== undefined && { subject_token: subject, subject_token_type: ACCESS_TOKEN }),
    },
    ...earlyOf(properties, name, property("refresh-token-time-skew")),
  };
}

function tokenUrlOf(
  property: (key: string) => string | undefined,
  { tokenUrl, issuer }: OAuthScheme,
): OAuthClient["tokenUrl"] | undefined {
  const server = property("auth-server-url")?.replace(/\/+$/, "");
  const path = property("token-path");
  if (path !== undefined && /^https?:/i.test(path)) return path;
  if (server !== undefined && path !== undefined) return `${server}/${path.replace(/^\/+/, "")}`;
  if (server !== undefined) return { issuer: server };
  return tokenUrl ?? (issuer === undefined ? undefined : { issuer });
}

/** What is asked with besides: all that is configured for the grant. */
function grantOptions(properties: Definition["properties"], prefix: string): Readonly<Record<string, string>> {
  const known = ["username", "password"].map((name) => [name, propertyOf(properties, `${prefix}.${name}`)] as const);
  const others = Object.entries(properties)
    .filter(([key]) => key.startsWith(`${prefix}.`))
    .map(([key, value]) => [key.slice(prefix.length + 1).replaceAll('"', ""), value] as const);
  return Object.fromEntries([...known, ...others].filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function listed(name: string, written: string | undefined): Readonly<Record<string, string>> {
  const items = (written ?? "").split(/[\s,]+/).filter((item) => item !== "");
  return items.length === 0 ? {} : { [name]: items.join(" ") };
}

function earlyOf(properties: Definition["properties"], name: string, skew: string | undefined): { earlyMs?: number } {
  const seconds = spellingsOf(name)
    .map((one) => propertyOf(properties, `sonataflow.security.auth.${one}.token-exchange.proactive-refresh-seconds`))
    .find((value) => value !== undefined);
  if (seconds !== undefined && /^\d+$/.test(seconds.trim())) return { earlyMs: Number(seconds) * 1000 };
  // Quarkus takes a plain number of seconds, and `30S` for `PT30S`.
  const text = skew ?? "";
  const earlyMs = /^\d+$/.test(text)
    ? Number(text) * 1000
    : (durationMs(text) ?? durationMs(`PT${text.toUpperCase()}`));
  return earlyMs === undefined ? {} : { earlyMs };
}
