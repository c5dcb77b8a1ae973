import type { Configuration } from "./configuration.ts";
import { propertyOf } from "./properties.ts";

/** Keys that a text reads by itself, by `$SECRET.some.key`, `$SECRET["some.key"]` or `${some.key:default}`. */
export function keysNamedIn(text: string): readonly string[] {
  return [...secretsNamedIn(text), ...[...text.matchAll(/\$\{([^}:${\s]+)/g)].map(([, name = ""]) => name)];
}

/**
 * The values of the secrets that texts name, by their keys, and of properties below a name, `shop.password` where
 * `$SECRET.shop` is named: of the files' own properties, else of what may be read of the environment. Nothing else is a
 * secret of these texts. `isAllowed` says which names may be read.
 */
export function secretsOf(
  texts: readonly string[],
  { own, readable }: Pick<Configuration, "own" | "readable">,
  isAllowed: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const secrets = new Map<string, string>();
  const keys = Object.keys(own);
  for (const name of new Set(texts.flatMap(secretsNamedIn))) {
    const value = propertyOf(own, name) ?? propertyOf(readable, name);
    if (value !== undefined) secrets.set(name, value);
    for (const key of keys) if (key.startsWith(`${name}.`)) secrets.set(key, own[key] ?? "");
  }
  return Object.fromEntries([...secrets].filter(([name]) => isAllowed(name)));
}

/** In JSON, quotes within an expression have a backslash in front. */
export function secretsNamedIn(text: string): readonly string[] {
  const paths = text.matchAll(
    /\$SECRET((?:\s*\.\s*(?:[\w-]+|\\?"[^"\\]*\\?")|\s*(?:\.\s*)?\[\s*(?:\\?"[^"\\]*\\?"|'[^'\\]*')\s*\])+)/g,
  );
  return [...paths].flatMap(([, path = ""]) => {
    const steps = [...path.matchAll(/\\?"([^"\\]*)\\?"|'([^'\\]*)'|[\w-]+/g)];
    const name = steps.map(([step, double, single]) => double ?? single ?? step).join(".");
    // A hyphen is part of a name in properties, and a minus in jq.
    const [beforeMinus = ""] = name.split("-");
    return beforeMinus === name || beforeMinus === "" ? [name] : [name, beforeMinus];
  });
}
