import type { JsonObject } from "@antiphon/protocol";
import type { Members } from "../document/members.ts";
import { readObject } from "../document/members.ts";
import { quote, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { AuthDefinition, AuthScheme } from "../model.ts";
import { secretPath } from "../secret-path.ts";

const SCHEMES = ["basic", "bearer", "oauth2"] as const satisfies readonly AuthScheme[];
const GRANTS = ["password", "clientCredentials", "tokenExchange"] as const;

/** Reads one of `auth`. Its properties may be a text: an expression of an object that has them. */
export function readAuth(members: Members): AuthDefinition {
  const name = members.text("name", "the name of the authentication");
  const scheme = members.choice("scheme", SCHEMES, "basic") ?? "basic";
  const properties = members.require("properties", "the properties of the authentication");
  if (properties?.kind === "scalar") {
    return { name, scheme, properties: readSecret(members) };
  }
  const kind = `properties of ${scheme} authentication`;
  const read = readObject(properties, kind, members.reading, (it) => readProperties(it, name, scheme));
  return read ?? { name, scheme, properties: "" };
}

function readSecret(members: Members): string {
  const expected = 'an object, or the secret that has its members, "$SECRET.payments"';
  const text = members.text("properties", expected);
  if (text !== "" && secretPath(text) === undefined) {
    members.report(members.get("properties") ?? members.place, expected, quote(text));
  }
  return text;
}

function readProperties(members: Members, name: string, scheme: AuthScheme): AuthDefinition {
  const metadata = members.jsonObject("metadata") ?? {};
  switch (scheme) {
    case "basic": {
      const username = members.text("username", "the name of the user");
      return { name, scheme, username, password: members.text("password", "the password of the user"), metadata };
    }
    case "bearer":
      return { name, scheme, token: members.text("token", "the token"), metadata };
    case "oauth2":
      return readOAuth2(members, name, metadata);
  }
}

function readOAuth2(members: Members, name: string, metadata: JsonObject): AuthDefinition {
  members.require("grantType", "how a token is granted");
  const grantType = members.choice("grantType", GRANTS, "clientCredentials") ?? "clientCredentials";
  if (grantType === "password") {
    members.require("username", "the name of the user");
    members.require("password", "the password of the user");
  }
  if (grantType === "tokenExchange") members.require("subjectToken", "the token that is exchanged");
  const textsOf = (list: string) => members.texts(list, "a text").map((node) => textOf(node) ?? "");
  return {
    name,
    scheme: "oauth2",
    grantType,
    clientId: members.text("clientId", "the id of the client"),
    scopes: textsOf("scopes"),
    audiences: textsOf("audiences"),
    ...present({
      clientSecret: members.optionalText("clientSecret", "the secret of the client"),
      authority: members.optionalText("authority", "the URL of who gives the tokens"),
      username: members.optionalText("username", "the name of the user"),
      password: members.optionalText("password", "the password of the user"),
      subjectToken: members.optionalText("subjectToken", "a token"),
      requestedSubject: members.optionalText("requestedSubject", "the subject that is asked for"),
      requestedIssuer: members.optionalText("requestedIssuer", "the issuer that is asked for"),
    }),
    metadata,
  };
}
