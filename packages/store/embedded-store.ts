import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "./errors.ts";
import type { StoreLogger } from "./logger.ts";
import type { Commit, Loaded, Range, Space, Store } from "./port.ts";
import { isDamage, isRefusal, openFile } from "./sqlite-file.ts";
import { SqliteStatements } from "./sqlite-statements.ts";

const CACHE_BYTES = 64_000_000;

export interface EmbeddedStoreOptions {
  /** How much of the file is kept in memory; 64 MB unless told. */
  readonly cacheBytes?: number;
  /** Hears of a file that had to be started afresh. */
  readonly logger?: StoreLogger;
}

/**
 * Opens, or makes, a store in a folder of this machine (`store.sqlite`), for one process at a time; a second one throws.
 * A power cut may cost the newest commits, never the order in which they were made. A file that cannot be read, at the
 * start or later, is started afresh. What the disk refuses (it is full, say) is a `StoreUnavailableError`.
 */
export function embeddedStore(folder: string, options: EmbeddedStoreOptions = {}): Store {
  return new EmbeddedStore(folder, options);
}

class EmbeddedStore implements Store {
  readonly #folder: string;
  readonly #cacheBytes: number;
  readonly #logger: StoreLogger | undefined;
  #database: DatabaseSync;
  #statements: SqliteStatements;
  #closed = false;

  constructor(folder: string, { cacheBytes = CACHE_BYTES, logger }: EmbeddedStoreOptions) {
    this.#folder = folder;
    this.#cacheBytes = cacheBytes;
    this.#logger = logger;
    this.#database = openFile(folder, cacheBytes, logger);
    this.#statements = new SqliteStatements(this.#database);
  }

  async load(space: Space, keys: readonly string[]): Promise<Loaded> {
    return this.#run((sql) => ({ position: sql.position(space), values: sql.values(space, keys) }));
  }

  async commit(space: Space, commit: Commit): Promise<"committed" | "conflict"> {
    return this.#run((sql) => sql.commit(space, commit));
  }

  async scan(space: Space, index: string, range: Range): Promise<readonly string[]> {
    return this.#run((sql) => sql.scan(space, index, range));
  }

  async wipe(space: Space): Promise<void> {
    this.#run((sql) => sql.wipe(space));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
  }

  #run<Result>(work: (sql: SqliteStatements) => Result): Result {
    if (this.#closed) throw new Error("expected an open store, found one that was disposed of");
    // It is closed here when it went bad earlier and could not be made anew: the disk may be better by now.
    if (!this.#database.isOpen) this.#openAgain();
    try {
      return work(this.#statements);
    } catch (error) {
      if (isRefusal(error)) {
        throw new StoreUnavailableError(`the disk of ${this.#folder} refused: ${error.message}`, { cause: error });
      }
      if (!isDamage(error)) throw error;
    }
    // The file went bad while it was open. A store may lose everything at any moment, so that is what it does.
    this.#database.close();
    this.#openAgain();
    return work(this.#statements);
  }

  #openAgain(): void {
    this.#database = openFile(this.#folder, this.#cacheBytes, this.#logger);
    this.#statements = new SqliteStatements(this.#database);
  }
}
