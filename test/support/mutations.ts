import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";

/** A workflow that something has been done to, ready to be deployed with what it refers to. */
export interface Mutation {
  readonly id: string;
  /** What was done to which document. */
  readonly what: string;
  readonly bundle: { readonly path: string; readonly files: Readonly<Record<string, string>> };
}

type Container = Record<string | number, unknown>;

/** Mutated documents of a folder of definitions, the same ones for the same seed. None begins by itself. */
export async function mutations(folder: string, count: number, seed: number): Promise<readonly Mutation[]> {
  const random = randomFrom(seed);
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(file.slice(folder.length + 1), await readFile(file, "utf8"));
  }
  const workflows = [...files.keys()].filter((path) => /(?:^|\/)[^./][^/]*\.sw\.(?:json|ya?ml)$/.test(path)).toSorted();
  const still = workflows.filter((path) => !path.startsWith("schedules/"));
  return Array.from({ length: count }, (_, i): Mutation => {
    const path = pick(still, random);
    const id = `mutated-${i}`;
    const document: Container = { ...parse(files.get(path) ?? ""), id };
    const done = mutate(document, random);
    const beside = [...files].filter(([name]) => dirname(name).startsWith(dirname(path)) && !workflows.includes(name));
    const own = path.replace(/\.ya?ml$/, ".json");
    return {
      id,
      what: `${path}, ${done} (number ${i})`,
      bundle: { path: own, files: { ...Object.fromEntries(beside), [own]: JSON.stringify(document, null, 2) } },
    };
  });
}

/** Removes a member, gives it a value of another type, or misspells its name; says which. The id stays as it is. */
function mutate(document: Container, random: () => number): string {
  const places = placesIn(document, "").filter(({ pointer }) => pointer !== "/id");
  const { holder, name, pointer } = pick(places, random);
  switch (pick(["remove", "retype", "misspell"] as const, random)) {
    case "remove":
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      return `without ${pointer}`;
    case "retype": {
      const value = pick([7, -1.5, "", "nothing at all", true, null, [], {}, [null], { a: { b: [1] } }], random);
      holder[name] = value;
      return `with ${JSON.stringify(value)} at ${pointer}`;
    }
    default: {
      if (Array.isArray(holder)) return `unchanged at ${pointer}`;
      const text = String(name);
      const at = Math.floor(random() * text.length);
      const misspelt = text.slice(0, at) + text.slice(at + 1);
      holder[misspelt] = holder[name];
      delete holder[name];
      return `with ${JSON.stringify(misspelt)} in place of ${pointer}`;
    }
  }
}

function placesIn(
  value: unknown,
  pointer: string,
): readonly { holder: Container; name: string | number; pointer: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Container;
  const names = Array.isArray(value) ? value.keys().toArray() : Object.keys(value);
  return names.flatMap((name) => [
    { holder, name, pointer: `${pointer}/${name}` },
    ...placesIn(holder[name], `${pointer}/${name}`),
  ]);
}

function pick<T>(from: readonly T[], random: () => number): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error("expected something to pick from");
  return found;
}

/** Numbers from 0 up to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
