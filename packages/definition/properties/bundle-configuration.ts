import type { Bundle, Definition } from "../model.ts";
import { allowedBy } from "./allowed-secrets.ts";
import { readConfiguration } from "./configuration.ts";
import { configurationFiles, mayConfigure } from "./configuration-files.ts";
import { secretsOf } from "./keys-named-in.ts";
import { propertyOf } from "./properties.ts";

/** The texts of configuration files by their names, `application.properties`, as they stand beside a workflow. */
export type ConfigurationTexts = Readonly<Record<string, string>>;

/** A bundle in its two parts. */
export interface BundleParts {
  /** What an instance is pinned to: the document, and the files that it refers to. */
  readonly content: Bundle;
  /** What is of now for every instance: addresses, credentials, channels, times. */
  readonly configuration: ConfigurationTexts;
}

/** Takes the configuration out of a bundle. */
export function takeApart({ path, files }: Bundle): BundleParts {
  const texts = configurationFiles(path, Object.keys(files)).map(
    (file) => [file.name, files[file.path] ?? ""] as const,
  );
  // Configuration further out than the nearest says nothing, and is not to begin to when the nearest one goes.
  const rest = Object.entries(files).filter(([name]) => name === path || !mayConfigure(path, name));
  return { content: { path, files: Object.fromEntries(rest) }, configuration: Object.fromEntries(texts) };
}

/** A bundle with this configuration, which stands beside the workflow. */
export function putTogether({ content: { path, files }, configuration }: BundleParts): Bundle {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const texts = Object.entries(configuration).map(([name, text]) => [folder + name, text] as const);
  return { path, files: { ...files, ...Object.fromEntries(texts) } };
}

/** A definition that was read from `content` with another configuration: the same but for its properties and secrets. */
export function configured(
  definition: Definition,
  parts: BundleParts,
  env: Readonly<Record<string, string>>,
): Definition {
  const { path, files } = putTogether(parts);
  const configuration = readConfiguration(path, new Map(Object.entries(files)), env);
  const { properties } = configuration;
  const asSonataFlow = propertyOf(properties, "antiphon.compatibility") === "sonataflow";
  const isAllowed = asSonataFlow ? () => true : allowedBy(definition.secrets);
  return {
    ...definition,
    properties,
    secretValues: secretsOf(Object.values(parts.content.files), configuration, isAllowed),
  };
}
