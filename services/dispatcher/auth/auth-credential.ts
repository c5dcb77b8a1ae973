import { type AuthDefinition, type Definition, propertyOf, secretPath } from "@antiphon/definition";
import { ActionError } from "../perform/action-error.ts";
import type { Credential } from "./credential.ts";
import { ACCESS_TOKEN, type OAuthClient, TOKEN_EXCHANGE } from "./oauth-client.ts";

const GRANTS: Readonly<Record<string, string>> = {
  clientCredentials: "client_credentials",
  password: "password",
  tokenExchange: TOKEN_EXCHANGE,
};

/** A member of an `auth` definition, its secret revealed; undefined: it is not there. */
type Member = (name: string) => string | undefined;

/** The credential of one of the workflow's own `auth` definitions. Throws `ActionError` if something of it is missing. */
export function authCredential(definition: Definition, auth: AuthDefinition): Credential {
  const member = memberOf(definition, auth);
  const required = (name: string): string => {
    const value = member(name);
    if (value !== undefined) return value;
    throw new ActionError(
      "400",
      `auth "${auth.name}": expected a ${name}, found none; it may be a secret that is not set`,
    );
  };
  switch (auth.scheme) {
    case "basic":
      return { kind: "basic", username: required("username"), password: required("password") };
    case "bearer":
      return { kind: "bearer", token: required("token") };
    case "oauth2":
      return { kind: "oauth2", client: clientOf(auth.name, member, required) };
  }
}

function memberOf(definition: Definition, auth: AuthDefinition): Member {
  if ("properties" in auth) {
    const prefix = secretPath(auth.properties);
    if (prefix !== undefined) return (name) => propertyOf(definition.secretValues, `${prefix}.${name}`);
    throw new ActionError(
      "400",
      `auth "${auth.name}": expected the name of a secret for its properties, found another text`,
    );
  }
  const members = new Map<string, unknown>(Object.entries(auth));
  return (name) => {
    const value = members.get(name);
    const texts = Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
    const revealed = texts.map((text) => {
      const path = secretPath(text);
      if (path !== undefined) return propertyOf(definition.secretValues, path);
      if (!/^\s*\$\{.*\}\s*$/s.test(text)) return text;
      // An expression of anything else is not known here, and what it yields would stand in the history.
      throw new ActionError(
        "400",
        `auth "${auth.name}": expected a text or a $SECRET for its ${name}, found an expression`,
      );
    });
    return revealed.length === 0 || revealed.includes(undefined) ? undefined : revealed.join(" ");
  };
}

function clientOf(name: string, member: Member, required: (name: string) => string): OAuthClient {
  const grant = member("grantType") ?? "clientCredentials";
  const grantType = Object.hasOwn(GRANTS, grant) ? GRANTS[grant] : undefined;
  if (grantType === undefined) {
    throw new ActionError("400", `auth "${name}": expected ${Object.keys(GRANTS).join(", ")} for its grantType`);
  }
  const authority = required("authority");
  const clientSecret = member("clientSecret");
  const parameters = {
    scope: member("scopes")
      ?.split(/[\s,]+/)
      .join(" "),
    audience: member("audiences"),
    ...(grantType === "password" && { username: required("username"), password: required("password") }),
    ...(grantType === TOKEN_EXCHANGE && {
      subject_token: required("subjectToken"),
      subject_token_type: ACCESS_TOKEN,
      requested_subject: member("requestedSubject"),
      requested_issuer: member("requestedIssuer"),
    }),
  };
  return {
    name,
    // An authority is where tokens are given, or the issuer that tells where.
    tokenUrl: /\/token\/?$/.test(authority.split("?")[0] ?? "") ? authority : { issuer: authority },
    clientId: required("clientId"),
    ...(clientSecret !== undefined && { clientSecret }),
    secretIn: "header",
    grantType,
    parameters: Object.fromEntries(Object.entries(parameters).filter((it): it is [string, string] => Boolean(it[1]))),
  };
}
