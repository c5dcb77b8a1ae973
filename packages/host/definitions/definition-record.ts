import type { Bundle, ConfigurationTexts } from "@antiphon/definition";
import { z } from "zod";
import { hashOfAll } from "./content-hash.ts";

/** What a record on `antiphon.definitions` says: a bundle was deployed, or a workflow can no longer be started. */
export type DefinitionRecord =
  | {
      readonly type: "deployed";
      readonly hash: string;
      readonly id: string;
      readonly version: string;
      /** What the hash is of. Of an earlier release: with its configuration among its files. */
      readonly bundle: Bundle;
      /** Absent: there is none, or it is in the bundle. */
      readonly configuration?: ConfigurationTexts | undefined;
    }
  | { readonly type: "retired"; readonly id: string };

const schema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("deployed"),
    hash: z.string(),
    id: z.string(),
    version: z.string(),
    bundle: z.object({ path: z.string(), files: z.record(z.string(), z.string()) }),
    configuration: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ type: z.literal("retired"), id: z.string() }),
]);

/**
 * The key and the value of a record. The topic keeps the last record of each key, and instances go on with the hash they
 * started with, so the hash is part of the key: no later deployment of the same version takes an older one away, and one with the
 * same hash brings a newer configuration.
 */
export function formatRecord(record: DefinitionRecord): { readonly key: string; readonly value: string } {
  const key = record.type === "deployed" ? `${record.id}:${record.version}:${record.hash}` : record.id;
  return { key, value: JSON.stringify(record) };
}

/** Reads a record's value. Throws what is wrong with it; a hash that is not the bundle's own is. */
export function parseRecord(value: string): DefinitionRecord {
  const read = schema.safeParse(JSON.parse(value));
  if (!read.success) throw new Error(z.prettifyError(read.error), { cause: read.error });
  const record = read.data;
  if (record.type === "deployed") {
    const hash = hashOfAll(record.bundle);
    if (hash !== record.hash) throw new Error(`expected the bundle's own hash ${hash}, found ${record.hash}`);
  }
  return record;
}
