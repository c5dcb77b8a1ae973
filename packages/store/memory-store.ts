import { OrderedList } from "./ordered-list.ts";
import type { Commit, IndexEntry, Loaded, Range, Space, Store } from "./port.ts";

/** A store in this process's memory, which can be told to lose everything, as a flushed Redis does. */
export interface MemoryStore extends Store {
  loseEverything(): void;
}

/** Makes an empty store in memory: for tests, and for a deployment that folds its logs again at every start. */
export function memoryStore(): MemoryStore {
  return new InMemory();
}

interface Held {
  position: number;
  readonly values: Map<string, string>;
  readonly lists: Map<string, OrderedList>;
}

class InMemory implements MemoryStore {
  readonly #spaces = new Map<Space, Held>();

  async load(space: Space, keys: readonly string[]): Promise<Loaded> {
    const held = this.#spaces.get(space);
    return { position: held?.position ?? null, values: keys.map((key) => held?.values.get(kept(key)) ?? null) };
  }

  async commit(space: Space, commit: Commit): Promise<"committed" | "conflict"> {
    const held = this.#spaces.get(space);
    if ((held?.position ?? null) !== commit.expected) return "conflict";
    this.#apply(space, held ?? { position: commit.position, values: new Map(), lists: new Map() }, commit);
    return "committed";
  }

  async scan(space: Space, index: string, range: Range): Promise<readonly string[]> {
    return this.#spaces.get(space)?.lists.get(kept(index))?.slice(keptRange(range)) ?? [];
  }

  async wipe(space: Space): Promise<void> {
    this.#spaces.delete(space);
  }

  loseEverything(): void {
    this.#spaces.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#spaces.clear();
  }

  #apply(space: Space, held: Held, { position, values, added, removed }: Commit): void {
    held.position = position;
    for (const [key, value] of values) {
      if (value === null) held.values.delete(kept(key));
      else held.values.set(kept(key), kept(value));
    }
    for (const { index, entry } of removed) held.lists.get(kept(index))?.remove(kept(entry));
    for (const line of added) listOf(held, line).add(kept(line.entry));
    this.#spaces.set(space, held);
  }
}

function listOf(held: Held, { index }: IndexEntry): OrderedList {
  const known = held.lists.get(kept(index));
  if (known) return known;
  const list = new OrderedList();
  held.lists.set(kept(index), list);
  return list;
}

/** What the other adapters would give back: they keep UTF-8, which has no lone surrogates. */
function kept(text: string): string {
  return text.toWellFormed();
}

function keptRange({ after, before, ...rest }: Range): Range {
  return {
    ...rest,
    ...(after !== undefined && { after: kept(after) }),
    ...(before !== undefined && { before: kept(before) }),
  };
}
