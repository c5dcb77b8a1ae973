import type { Commit, Range, Space, Store } from "../port.ts";

/** The port in its plainest form, to which every adapter is compared: no index, no cache, sorted at each scan. */
export interface ModelStore extends Store {
  loseEverything(): void;
}

interface Modelled {
  position: number | null;
  values: Record<string, string>;
  /** Index and entry of every line, as JSON. */
  lines: string[];
}

export function modelStore(): ModelStore {
  let spaces: Record<Space, Modelled> = {};
  const at = (space: Space): Modelled => spaces[space] ?? { position: null, values: {}, lines: [] };

  return {
    async load(space, keys) {
      return { position: at(space).position, values: keys.map((key) => at(space).values[key] ?? null) };
    },
    async commit(space, commit) {
      if (at(space).position !== commit.expected) return "conflict";
      spaces = { ...spaces, [space]: after(at(space), commit) };
      return "committed";
    },
    async scan(space, index, range) {
      const lines = at(space).lines.map((line): string[] => JSON.parse(line));
      return inRange(
        lines.filter(([list]) => list === index).map(([, entry]) => entry ?? ""),
        range,
      );
    },
    async wipe(space) {
      delete spaces[space];
    },
    loseEverything() {
      spaces = {};
    },
    async [Symbol.asyncDispose]() {},
  };
}

function after(before: Modelled, { position, values, added, removed }: Commit): Modelled {
  const asLine = ({ index, entry }: { index: string; entry: string }) => JSON.stringify([index, entry]);
  const gone = new Set(removed.map(asLine));
  const left = before.lines.filter((line) => !gone.has(line));
  return {
    position,
    values: Object.fromEntries(
      [...Object.entries(before.values), ...values]
        .filter((pair): pair is [string, string] => pair[1] !== null)
        .filter(([key]) => values.get(key) !== null),
    ),
    lines: [...new Set([...left, ...added.map(asLine)])],
  };
}

function inRange(entries: readonly string[], { after, before, reverse, limit }: Range): readonly string[] {
  const ascending = entries
    .filter(
      (entry) =>
        (after === undefined || byBytes(entry, after) > 0) && (before === undefined || byBytes(entry, before) < 0),
    )
    .sort(byBytes);
  return (reverse ? ascending.reverse() : ascending).slice(0, limit);
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
