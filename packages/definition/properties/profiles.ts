import type { Written } from "./written.ts";

/** The profile where none is chosen. */
const PROFILE_DEFAULT = "prod";

/** The profiles that count, `ANTIPHON_PROFILE` or `QUARKUS_PROFILE`: of several, with commas between, a later one wins. */
export function profilesIn(env: Readonly<Record<string, string>>): readonly string[] {
  const named = env.ANTIPHON_PROFILE || env.QUARKUS_PROFILE || PROFILE_DEFAULT;
  return named.split(",").map((profile) => profile.trim());
}

/**
 * The properties of one source in these profiles, by their keys without profile. A key for a profile (`%prod.url`,
 * `%{dev,test}.url`) counts in that profile alone, and there it wins.
 */
export function inProfiles(entries: Iterable<Written>, profiles: readonly string[]): ReadonlyMap<string, Written> {
  const general = new Map<string, Written>();
  const special = new Map(profiles.map((profile) => [profile, new Map<string, Written>()]));
  for (const entry of entries) {
    const [, several, one, key] = /^%(?:\{([^}]*)\}|([^.]*))\.(.*)$/s.exec(entry.key) ?? [];
    if (key === undefined) general.set(entry.key, entry);
    else for (const part of (several ?? one ?? "").split(",")) special.get(part.trim())?.set(key, { ...entry, key });
  }
  return new Map([general, ...special.values()].flatMap((layer) => [...layer]));
}

/** The environment with what it has for these profiles (`_DEV_QUARKUS_HTTP_PORT`) in the place of what is for all. */
export function environmentIn(
  env: Readonly<Record<string, string>>,
  profiles: readonly string[],
): Readonly<Record<string, string>> {
  const special = profiles.flatMap((profile) => {
    const prefix = `_${profile.replace(/[^A-Za-z0-9]/g, "_").toUpperCase()}_`;
    return Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
    );
  });
  return special.length === 0 ? env : { ...env, ...Object.fromEntries(special) };
}
