import { expandValues } from "./expand.ts";
import { parseProperties } from "./parse.ts";

/** The file of a resources folder that has its configuration. */
export const PROPERTIES_FILE = "application.properties";

/** Variables of the environment that configure what properties do. Others stay out: they may be secrets. */
const CONFIGURING = /^(?:QUARKUS|MP|KOGITO|SONATAFLOW|ANTIPHON)_/;

/**
 * Reads Java properties as Quarkus does. A key for a profile (`%prod.url`, `%{dev,test}.url`) counts in that profile
 * alone, and there it wins. `${NAME:default}` is filled from the environment (as `NAME`, or as its form there: `A_B` for
 * `a.b`), else from another property, else by the default, else it stays. The environment overrides what the file says;
 * its own `QUARKUS_…`, `MP_…`, `KOGITO_…` and the like come along under those names, for `propertyOf`.
 */
export function readProperties(
  text: string,
  env: Readonly<Record<string, string>>,
  profile = "prod",
): Readonly<Record<string, string>> {
  const written = inProfile(parseProperties(text), profile);
  const values = expandValues(written, (name) => propertyOf(env, name));
  const configuring = Object.entries(env).filter(([name]) => CONFIGURING.test(name));
  return Object.fromEntries([...configuring, ...values]);
}

/**
 * Where the properties of a workflow stand, by the workflow's path: nearest to it, in its own folder or one around that,
 * so that a folder may hold several projects. At the root if there are none.
 */
export function propertiesFor(workflow: string, files: ReadonlyMap<string, string>): string {
  const folders = workflow.split("/").slice(0, -1);
  const paths = folders.map((_, i) => `${folders.slice(0, folders.length - i).join("/")}/${PROPERTIES_FILE}`);
  return paths.find((path) => files.has(path)) ?? PROPERTIES_FILE;
}

/** A property by its key, which may also have been set by the environment alone. */
export function propertyOf(properties: Readonly<Record<string, string>>, key: string): string | undefined {
  for (const name of [key, environmentName(key)]) if (Object.hasOwn(properties, name)) return properties[name];
  return undefined;
}

/** How the environment spells a property: `QUARKUS_HTTP_PORT` for `quarkus.http.port`. */
function environmentName(key: string): string {
  return key.replace(/[^A-Za-z0-9]/g, "_").toUpperCase();
}

function inProfile(entries: Iterable<readonly [string, string]>, profile: string): ReadonlyMap<string, string> {
  const general = new Map<string, string>();
  const special = new Map<string, string>();
  for (const [key, value] of entries) {
    const [, several, one, name] = /^%(?:\{([^}]*)\}|([^.]*))\.(.*)$/s.exec(key) ?? [];
    if (name === undefined) general.set(key, value);
    else if ((several ?? one ?? "").split(",").some((part) => part.trim() === profile)) special.set(name, value);
  }
  return new Map([...general, ...special]);
}
