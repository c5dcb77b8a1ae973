import { nearestName } from "../document/nearest-name.ts";
import type { Bundle } from "../model.ts";
import { channelNotes } from "./channel-notes.ts";
import { readConfiguration } from "./configuration.ts";
import type { ConfigurationNote } from "./configuration-note.ts";
import { environmentNotes } from "./environment-notes.ts";
import { keysNamedIn } from "./keys-named-in.ts";
import { meaningOf, PLAIN_KEYS } from "./known-keys.ts";
import { protectionNotes } from "./protection-notes.ts";
import { valueNotes } from "./value-notes.ts";
import type { Written } from "./written.ts";

/** What is to be said about the configuration of some workflows, once for each key of each file, in their order. */
export function configurationNotes(
  bundles: readonly Bundle[],
  env: Readonly<Record<string, string>>,
): readonly ConfigurationNote[] {
  const notes = new Map<string, ConfigurationNote>();
  const read = new Set(bundles.flatMap(({ files }) => Object.values(files).flatMap(keysNamedIn)));
  for (const bundle of bundles) {
    const { properties, written, own, readable } = readConfiguration(
      bundle.path,
      new Map(Object.entries(bundle.files)),
      env,
    );
    const found = [...written].flatMap(([key, place]) => (read.has(key) ? [] : noteOn(key, place)));
    const values = [
      ...channelNotes(properties, written),
      ...valueNotes(properties, written),
      ...protectionNotes(properties, written),
      ...environmentNotes(written, { own, readable }, env),
    ];
    for (const note of [...found, ...values]) notes.set(`${note.file}\n${note.key}`, note);
  }
  return [...notes.values()].toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

function noteOn(key: string, { file, line }: Written): readonly ConfigurationNote[] {
  const meaning = meaningOf(key);
  if (meaning?.kind === "understood" || meaning?.kind === "without effect") return [];
  const nearest = nearestName(key, PLAIN_KEYS);
  const hint = nearest === undefined ? "" : `; did you mean ${JSON.stringify(nearest)}?`;
  const message =
    meaning === undefined
      ? `property ${JSON.stringify(key)} is not understood${hint}`
      : `property ${JSON.stringify(key)} does nothing here: ${meaning.instead}`;
  return [{ file, line, key, message }];
}
