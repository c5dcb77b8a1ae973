import type { Configuration } from "./configuration.ts";
import type { ConfigurationNote } from "./configuration-note.ts";
import { propertyOf } from "./properties.ts";
import type { Written } from "./written.ts";

/** Ways of asking a cluster for the address of something. */
const DISCOVERY = /^(?:knative|kubernetes|openshift)$/;

/** What is to be said about `${…}` that is not filled: discovery is not there, and not all of the environment may be read. */
export function environmentNotes(
  written: ReadonlyMap<string, Written>,
  { own, readable }: Pick<Configuration, "own" | "readable">,
  env: Readonly<Record<string, string>>,
): readonly ConfigurationNote[] {
  return [...written].flatMap(([key, { file, line, value }]): readonly ConfigurationNote[] => {
    const reason = [...value.matchAll(/\$\{([^}:${\s]+)/g)]
      .map(([, name = ""]) => reasonNotToFill(name, own, readable, env))
      .find((one) => one !== undefined);
    return reason === undefined ? [] : [{ file, line, key, message: `property ${JSON.stringify(key)}: ${reason}` }];
  });
}

function reasonNotToFill(
  name: string,
  own: Configuration["own"],
  readable: Configuration["readable"],
  env: Readonly<Record<string, string>>,
): string | undefined {
  if (propertyOf(readable, name) !== undefined || Object.hasOwn(own, name)) return undefined;
  if (DISCOVERY.test(name)) {
    return `services are not discovered, \${${name}:…} is what stands behind its colon; write the URL itself, or \${NAME:default}`;
  }
  if (propertyOf(env, name) === undefined) return undefined;
  return /^antiphon[_.]/i.test(name)
    ? `\${${name}} is not filled: Antiphon's own variables are not for definitions`
    : `\${${name}} is not filled: ANTIPHON_SECRETS does not name this variable`;
}
