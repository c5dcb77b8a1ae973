import { propertyOf } from "./properties.ts";

/** Keys that a text reads by itself, by `$SECRET.some.key`, `$SECRET["some.key"]` or `${some.key:default}`. */
export function keysNamedIn(text: string): readonly string[] {
  return [...secretsNamedIn(text), ...[...text.matchAll(/\$\{([^}:${\s]+)/g)].map(([, name = ""]) => name)];
}

/**
 * The values that the environment has for the secrets that texts name, by their keys. Only what is named is taken from
 * there: the rest of it is nobody's business.
 */
export function secretsOf(
  texts: readonly string[],
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = texts.flatMap(secretsNamedIn).map((key) => [key, propertyOf(env, key)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** In JSON, quotes within an expression have a backslash in front. */
function secretsNamedIn(text: string): readonly string[] {
  const paths = text.matchAll(/\$SECRET((?:\.(?:[\w-]+|\\?"[^"\\]*\\?")|\[\\?"[^"\\]*\\?"\])+)/g);
  return [...paths].map(([, path = ""]) =>
    [...path.matchAll(/\\?"([^"\\]*)\\?"|[^.[\]"\\]+/g)].map(([step, quoted]) => quoted ?? step).join("."),
  );
}
