/** What a store remembers of one partition's fold, by its topic and number: `antiphon.history/3`. */
export type Space = string;

/** A line of an ordered list. Lists sort by the entry's UTF-8 bytes, so times stand in front, zero-padded. */
export interface IndexEntry {
  readonly index: string;
  readonly entry: string;
}

/** One step of the fold. Applied whole or not at all. */
export interface Commit {
  /** The position the store must be at; null: it must hold nothing. */
  readonly expected: number | null;
  /** The position it is at afterwards: the offset from which the fold goes on. */
  readonly position: number;
  /** Values by key; null takes the key away. */
  readonly values: ReadonlyMap<string, string | null>;
  readonly added: readonly IndexEntry[];
  /** Taken away first: an entry that is in both is there afterwards. */
  readonly removed: readonly IndexEntry[];
}

export interface Loaded {
  /** The position at which the values were read, all at the same moment; null: the store holds nothing of this space. */
  readonly position: number | null;
  /** In the order of the keys asked for; null for what is not there. */
  readonly values: readonly (string | null)[];
}

/** A part of an ordered list: entries after `after` (exclusive) and before `before` (exclusive), ascending unless `reverse`. */
export interface Range {
  readonly after?: string;
  readonly before?: string;
  readonly reverse?: boolean;
  readonly limit: number;
}

/**
 * Remembers folds. It may lose everything at any moment, and go back to an older state; `position` tells.
 * An adapter is right when it passes `@antiphon/store/contract`. A call that cannot reach the store waits up to the
 * adapter's limit, then throws `StoreUnavailableError`; whether a commit took effect is then unknown, and a `load` tells.
 */
export interface Store extends AsyncDisposable {
  /** Many keys and the position, in one round trip. */
  load(space: Space, keys: readonly string[]): Promise<Loaded>;

  /** Applies the commit if the store is at `expected`; "conflict" if it is not, and nothing has changed. */
  commit(space: Space, commit: Commit): Promise<"committed" | "conflict">;

  /** Entries of one list in their order; the same call serves due timers and pages of lists. */
  scan(space: Space, index: string, range: Range): Promise<readonly string[]>;

  /** Forgets everything of the space. */
  wipe(space: Space): Promise<void>;
}
