import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "./open-database.ts";

/** SQLite's number for "every commit is on the disk when it returns". */
const FULL = 2;

test("what is committed is on the disk: the database is opened so that every commit waits for it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "antiphon-"));
  const db = openDatabase(folder);
  try {
    assert.deepEqual({ ...db.prepare("PRAGMA synchronous").get() }, { synchronous: FULL });
    assert.deepEqual({ ...db.prepare("PRAGMA journal_mode").get() }, { journal_mode: "wal" });
  } finally {
    db.close();
    await rm(folder, { recursive: true });
  }
});
