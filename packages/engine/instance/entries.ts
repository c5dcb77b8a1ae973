import { branchNamedIn } from "./ids.ts";

/** Things by their ids. */
export type Entries<T> = Readonly<Record<string, T>>;

/**
 * Changes entries on behalf of one fold of facts. A record that it has copied is the fold's own, which nobody else sees
 * before the fold is through: so it is changed in place from then on. Thousands of facts about thousands of branches
 * copy each record once, and none of them searches a record for what belongs to its branch.
 */
export class Copies {
  readonly #own = new Set<object>();
  #searches = 0;

  /** The entries with one more, or with another one under its id, which keeps its place. */
  with<T>(entries: Entries<T> | undefined, id: string, entry: T): Entries<T> {
    const copy = this.#copyOf(entries ?? {});
    if (!Object.hasOwn(copy, id)) CONTENTS.get(copy)?.add(id);
    copy[id] = entry;
    return copy;
  }

  /** All but one; the same object if there is none of that id. */
  without<T>(entries: Entries<T>, gone: string): Entries<T> {
    if (!Object.hasOwn(entries, gone)) return entries;
    const copy = this.#copyOf(entries);
    CONTENTS.get(copy)?.delete(gone);
    delete copy[gone];
    return copy;
  }

  /** All that do not belong to a branch. */
  withoutBranch<T>(entries: Entries<T>, branch: string): Entries<T> {
    return this.idsIn(entries, branch).reduce((left, id) => this.without(left, id), entries);
  }

  /** Those that are meant; the same object if that is all of them. Looks at each. */
  only<T>(entries: Entries<T>, isMeant: (id: string, entry: T) => boolean): Entries<T> {
    const gone = Object.keys(entries).filter((id) => !isMeant(id, entries[id] as T));
    return gone.reduce((left, id) => this.without(left, id), entries);
  }

  /** The ids of what belongs to a branch, `{branch}.{place}`, in their order. */
  idsIn(entries: Entries<unknown>, branch: string): readonly string[] {
    const contents = this.#contentsOf(entries);
    if (contents !== undefined) return [...(contents.byBranch.get(branch) ?? [])];
    return Object.keys(entries).filter((id) => branchNamedIn(id) === branch);
  }

  isEmpty(entries: Entries<unknown>): boolean {
    const contents = this.#contentsOf(entries);
    if (contents !== undefined) return contents.size === 0;
    for (const _ in entries) return false;
    return true;
  }

  #copyOf<T>(entries: Entries<T>): Record<string, T> {
    // A fold may change what it has made itself.
    if (this.#own.has(entries)) return entries as Record<string, T>;
    const copy: Record<string, T> = Object.assign({}, entries);
    this.#own.add(copy);
    const contents = CONTENTS.get(entries);
    if (contents !== undefined) CONTENTS.set(copy, contents);
    CONTENTS.delete(entries);
    return copy;
  }

  /** What is in a record, where it has been searched too often for searching it once more. */
  #contentsOf(entries: Entries<unknown>): Contents | undefined {
    const known = CONTENTS.get(entries);
    if (known !== undefined) return known;
    this.#searches += 1;
    if (this.#searches <= SEARCHES_MAX) return undefined;
    const contents = new Contents(Object.keys(entries));
    CONTENTS.set(entries, contents);
    return contents;
  }
}

/**
 * What is in records, for as long as they are there and nobody has made a changed copy of them. It says nothing that
 * searching them would not, and so is good for every fold.
 */
const CONTENTS = new WeakMap<object, Contents>();

/** How often one fold searches records; then it notes what is in them, which takes as long as some searches. */
const SEARCHES_MAX = 10;

/** What is in a record, so that it need not be searched. */
class Contents {
  readonly byBranch = new Map<string, Set<string>>();
  size = 0;

  constructor(ids: readonly string[]) {
    for (const id of ids) this.add(id);
  }

  add(id: string): void {
    this.size += 1;
    const branch = branchNamedIn(id);
    if (branch === undefined) return;
    const ids = this.byBranch.get(branch);
    if (ids === undefined) this.byBranch.set(branch, new Set([id]));
    else ids.add(id);
  }

  delete(id: string): void {
    this.size -= 1;
    const branch = branchNamedIn(id);
    if (branch === undefined) return;
    const ids = this.byBranch.get(branch);
    ids?.delete(id);
    if (ids?.size === 0) this.byBranch.delete(branch);
  }
}
