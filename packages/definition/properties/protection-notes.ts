import { quote } from "../document/node.ts";
import type { ConfigurationNote } from "./configuration-note.ts";
import type { Written } from "./written.ts";

const PERMISSION = /^(quarkus\.http\.auth\.permission\.(?:"[^"]*"|[^.]+))\.paths$/;
const USERS = /^quarkus\.security\.users\.(?:embedded|file)\.enabled$/;
const LOGIN = /^quarkus\.(?:oidc\.auth-server-url|http\.auth\.(?:basic|form\.enabled|proactive))$/;

/** What is to be said about configuration by which Quarkus kept strangers out: what it protected is open here. */
export function protectionNotes(
  properties: Readonly<Record<string, string>>,
  written: ReadonlyMap<string, Written>,
): readonly ConfigurationNote[] {
  return [...written].flatMap(([key, { file, line }]): readonly ConfigurationNote[] => {
    const found = unprotected(key, properties);
    return found === undefined ? [] : [{ file, line, key, message: `property ${quote(key)}: NOT PROTECTED: ${found}` }];
  });
}

const INSTEAD = "let a proxy in front of Antiphon ask who it is";

function unprotected(key: string, properties: Readonly<Record<string, string>>): string | undefined {
  const value = (properties[key] ?? "").trim();
  const [, permission] = PERMISSION.exec(key) ?? [];
  if (permission !== undefined) {
    const policy = (properties[`${permission}.policy`] ?? "").trim();
    if (policy === "permit" || properties[`${permission}.enabled`]?.trim() === "false") return undefined;
    return `${quote(value)}, which policy ${quote(policy)} was asked about, is open here to everybody who reaches the port; ${INSTEAD}`;
  }
  if (USERS.test(key) && value === "true") return `the users that are configured mean nothing here; ${INSTEAD}`;
  if (LOGIN.test(key) && value !== "false") return `nobody is asked to log in here; ${INSTEAD}`;
  return undefined;
}
