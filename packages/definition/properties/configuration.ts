import { Problems } from "../document/problems.ts";
import { configurationFiles } from "./configuration-files.ts";
import { expandValues } from "./expand.ts";
import { parseProperties } from "./parse.ts";
import { parseYamlProperties } from "./parse-yaml.ts";
import { inProfiles, profilesIn } from "./profiles.ts";
import { propertyOf } from "./properties.ts";
import { surroundingsIn } from "./readable.ts";
import type { Written } from "./written.ts";

/** The configuration of a workflow. */
export interface Configuration {
  /** Profiles and `${…}` resolved, and overridden by the environment. */
  readonly properties: Readonly<Record<string, string>>;
  /** What a definition may read of them: the files' own, with nothing of the environment that it may not read itself. */
  readonly own: Readonly<Record<string, string>>;
  /** What a definition may read of the environment, by the names that it has there. */
  readonly readable: Readonly<Record<string, string>>;
  /** What the files say in the chosen profiles, by key. */
  readonly written: ReadonlyMap<string, Written>;
  /** The paths of the files that may have a say, for any profile. */
  readonly files: readonly string[];
}

/**
 * Reads `application.properties` and `application.yaml` as Quarkus does, and those for a profile, `application-dev.yaml`.
 * `${NAME:default}` is filled from what may be read of the environment (as `NAME`, or as its form there: `A_B` for `a.b`),
 * else from another property, else by the default, else it stays. The environment overrides what the files say; its own
 * `QUARKUS_…`, `MP_…`, `KOGITO_…` and the like come along under those names, for `propertyOf`. What is wrong in a file is
 * reported.
 */
export function readConfiguration(
  workflow: string,
  files: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
  problems: Problems = new Problems(),
): Configuration {
  const profiles = profilesIn(env);
  const sources = configurationFiles(workflow, files.keys());
  const chosen = [undefined, ...profiles].flatMap((profile) => sources.filter((source) => source.profile === profile));
  const layers = chosen
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ path }) => inProfiles(parse(path, files.get(path) ?? "", problems), profiles));
  const written = new Map(layers.flatMap((layer) => [...layer]));
  const { configuring, readable } = surroundingsIn(env);
  const own = expandValues(new Map([...written].map(([key, { value }]) => [key, value])), (name) =>
    propertyOf(readable, name),
  );
  const properties = [...own].map(([key, value]) => [key, propertyOf(configuring, key) ?? value] as const);
  return {
    properties: { ...configuring, ...Object.fromEntries(properties) },
    own: Object.fromEntries(own),
    readable,
    written,
    files: sources.map(({ path }) => path),
  };
}

function parse(path: string, text: string, problems: Problems): readonly Written[] {
  return path.endsWith(".properties") ? parseProperties(path, text) : parseYamlProperties(path, text, problems);
}
