import type { Range, Store } from "@antiphon/store";

/** How many entries are read from one space at once. */
const SCAN_MAX = 100;

/** A line of a list, and the number of the space that it stands in. */
export interface Candidate {
  readonly space: number;
  readonly entry: string;
}

/** What a page is taken from, newest first. */
export interface Candidates {
  /** The next ones: fewer than `max` only if there are no more. */
  take(max: number): Promise<readonly Candidate[]>;
}

interface Source {
  readonly space: string;
  waiting: readonly string[];
  before: string | undefined;
  isOver: boolean;
}

/** The same list in several spaces, merged. Equal entries come in the order of the spaces. */
export class NewestFirst implements Candidates {
  readonly #store: Pick<Store, "scan">;
  readonly #index: string;
  readonly #after: string | undefined;
  readonly #sources: readonly Source[];

  constructor(
    store: Pick<Store, "scan">,
    spaces: readonly string[],
    index: string,
    { after, before }: Pick<Range, "after" | "before">,
  ) {
    this.#store = store;
    this.#index = index;
    this.#after = after;
    this.#sources = spaces.map((space) => ({ space, waiting: [], before, isOver: false }));
  }

  async take(max: number): Promise<readonly Candidate[]> {
    const taken: Candidate[] = [];
    while (taken.length < max) {
      await Promise.all(this.#sources.map((source) => this.#fill(source)));
      const space = this.#newest();
      if (space === undefined) break;
      const source = this.#sources[space];
      const [entry, ...rest] = source?.waiting ?? [];
      if (source === undefined || entry === undefined) break;
      source.waiting = rest;
      taken.push({ space, entry });
    }
    return taken;
  }

  async #fill(source: Source): Promise<void> {
    if (source.waiting.length > 0 || source.isOver) return;
    const range = {
      ...(this.#after !== undefined && { after: this.#after }),
      ...(source.before !== undefined && { before: source.before }),
    };
    const entries = await this.#store.scan(source.space, this.#index, { ...range, reverse: true, limit: SCAN_MAX });
    source.waiting = entries;
    source.before = entries.at(-1) ?? source.before;
    source.isOver = entries.length < SCAN_MAX;
  }

  #newest(): number | undefined {
    let newest: number | undefined;
    let greatest: string | undefined;
    this.#sources.forEach(({ waiting: [entry] }, space) => {
      if (entry === undefined || (greatest !== undefined && compareEntries(entry, greatest) <= 0)) return;
      newest = space;
      greatest = entry;
    });
    return newest;
  }
}

/** The order of stores, by UTF-8 bytes; times come first, and mostly decide. */
export function compareEntries(a: string, b: string): number {
  const [left, right] = [a.slice(0, 15), b.slice(0, 15)];
  if (left !== right) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
