import { describe, memberOf, nodeAt, textOf } from "./document/node.ts";
import type { Problems } from "./document/problems.ts";
import type { Sources, Wanted } from "./document/sources.ts";
import type { AuthDefinition, Definition } from "./model.ts";
import { propertyOf } from "./properties/properties.ts";
import { secretPath } from "./secret-path.ts";

/** A document on the web that a workflow refers to, and how its reader says who it is. */
export interface WantedDocument extends Wanted {
  readonly credentials?: Credentials;
}

/** What a server of documents is told. */
export type Credentials =
  | { readonly scheme: "basic"; readonly username: string; readonly password: string }
  | { readonly scheme: "bearer"; readonly token: string };

/** What a reading knows by which a document is fetched. */
interface Known {
  readonly sources: Sources;
  readonly problems: Problems;
  readonly definition: Definition | undefined;
  readonly secretValues: Readonly<Record<string, string>>;
}

/**
 * Adds to a wanted document the credentials that the `authRef` of its function names. Those of OAuth 2 are not to be had
 * before there is a workflow; that is reported.
 */
export function withCredentials(
  wanted: Wanted,
  { sources, problems, definition, secretValues }: Known,
): WantedDocument {
  const { file, pointer } = wanted.referrer;
  const owner = nodeAt(sources.at(file), pointer.slice(0, pointer.lastIndexOf("/")));
  const reference = memberOf(owner, "authRef");
  const name = textOf(reference) ?? "";
  const auth = definition !== undefined && Object.hasOwn(definition.auth, name) ? definition.auth[name] : undefined;
  if (reference === undefined || auth === undefined) return wanted;
  const credentials = credentialsOf(auth, secretValues);
  if (credentials !== undefined) return { ...wanted, credentials };
  problems.report(
    reference,
    "basic or bearer authentication, known by now, for a document on the web",
    describe(reference),
  );
  return wanted;
}

function credentialsOf(auth: AuthDefinition, secrets: Known["secretValues"]): Credentials | undefined {
  const textNamed = (member: string): string | undefined => {
    if ("properties" in auth) {
      const prefix = secretPath(auth.properties);
      return prefix === undefined ? undefined : propertyOf(secrets, `${prefix}.${member}`);
    }
    const text = String(new Map<string, unknown>(Object.entries(auth)).get(member) ?? "");
    const secret = secretPath(text);
    return secret === undefined ? text : propertyOf(secrets, secret);
  };
  if (auth.scheme === "bearer") {
    const token = textNamed("token");
    return token === undefined ? undefined : { scheme: "bearer", token };
  }
  const [username, password] = [textNamed("username"), textNamed("password")];
  if (auth.scheme !== "basic" || username === undefined || password === undefined) return undefined;
  return { scheme: "basic", username, password };
}
