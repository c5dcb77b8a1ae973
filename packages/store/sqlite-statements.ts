import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Commit, Range, Space } from "./port.ts";

/** The store's calls in SQL on one open database, prepared once. Everything is synchronous: each is one moment. */
export class SqliteStatements {
  readonly #database: DatabaseSync;
  readonly #ids = new Map<Space, number>();
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  position(space: Space): number | null {
    const row = this.#sql("SELECT position FROM spaces WHERE id = ?").get(this.#id(space));
    return asPosition(row?.position);
  }

  /** One statement for all keys takes half the time of a statement for each. */
  values(space: Space, keys: readonly string[]): (string | null)[] {
    const values = new Array<string | null>(keys.length).fill(null);
    // SQLite would take a lone surrogate from JSON as it is, but keeps U+FFFD for one that is bound.
    const asked = JSON.stringify(keys.map((key) => key.toWellFormed()));
    // A CROSS JOIN is looked up in the order written; left to choose, SQLite walks through the whole space.
    const rows = this.#sql(
      "SELECT asked.key AS place, held.value FROM json_each(?) AS asked CROSS JOIN held ON space = ? AND held.key = asked.value",
    ).all(asked, this.#id(space));
    for (const { place, value } of rows) values[Number(place)] = String(value);
    return values;
  }

  /** "conflict", and nothing changed, when the space is not where the commit expects it. */
  commit(space: Space, commit: Commit): "committed" | "conflict" {
    const id = this.#id(space);
    return this.#inTransaction(() => {
      const moved = this.#sql("UPDATE spaces SET position = ? WHERE id = ? AND position IS ?");
      if (moved.run(commit.position, id, commit.expected).changes === 0) return "conflict";
      this.#change(id, commit);
      return "committed";
    });
  }

  scan(space: Space, index: string, { after, before, reverse, limit }: Range): string[] {
    const bounds = [after, before].filter((bound) => bound !== undefined);
    const rows = this.#sql(
      `SELECT entry FROM lists WHERE space = ? AND list = ?${after === undefined ? "" : " AND entry > ?"}${
        before === undefined ? "" : " AND entry < ?"
      } ORDER BY entry ${reverse ? "DESC" : "ASC"} LIMIT ?`,
    ).all(this.#id(space), index, ...bounds, Math.max(0, limit));
    return rows.map(({ entry }) => String(entry));
  }

  /** Its name and number stay. */
  wipe(space: Space): void {
    const id = this.#id(space);
    this.#inTransaction(() => {
      this.#sql("DELETE FROM held WHERE space = ?").run(id);
      this.#sql("DELETE FROM lists WHERE space = ?").run(id);
      this.#sql("UPDATE spaces SET position = NULL WHERE id = ?").run(id);
    });
  }

  #change(id: number, { values, added, removed }: Commit): void {
    const put = this.#sql(
      "INSERT INTO held VALUES (?, ?, ?) ON CONFLICT (space, key) DO UPDATE SET value = excluded.value",
    );
    const drop = this.#sql("DELETE FROM held WHERE space = ? AND key = ?");
    for (const [key, value] of values) {
      if (value === null) drop.run(id, key);
      else put.run(id, key, value);
    }
    const remove = this.#sql("DELETE FROM lists WHERE space = ? AND list = ? AND entry = ?");
    for (const { index, entry } of removed) remove.run(id, index, entry);
    const add = this.#sql("INSERT OR IGNORE INTO lists VALUES (?, ?, ?)");
    for (const { index, entry } of added) add.run(id, index, entry);
  }

  #inTransaction<Result>(work: () => Result): Result {
    this.#sql("BEGIN IMMEDIATE").run();
    try {
      const result = work();
      this.#sql("COMMIT").run();
      return result;
    } catch (error) {
      // A full disk rolls back by itself.
      if (this.#database.isTransaction) this.#sql("ROLLBACK").run();
      throw error;
    }
  }

  /** Not within a transaction: were it rolled back, the number might pass to another space. */
  #id(space: Space): number {
    const known = this.#ids.get(space);
    if (known !== undefined) return known;
    this.#sql("INSERT OR IGNORE INTO spaces (name) VALUES (?)").run(space);
    const id = Number(this.#sql("SELECT id FROM spaces WHERE name = ?").get(space)?.id);
    this.#ids.set(space, id);
    return id;
  }

  #sql(text: string): StatementSync {
    const known = this.#prepared.get(text);
    if (known) return known;
    const statement = this.#database.prepare(text);
    this.#prepared.set(text, statement);
    return statement;
  }
}

function asPosition(position: unknown): number | null {
  if (position === null || typeof position === "number") return position;
  throw new Error(`expected a position that is a number or null, found ${String(position)}`);
}
