import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
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

test("nobody but the owner may read the log, one of an earlier release included", async () => {
  const parent = await mkdtemp(join(tmpdir(), "antiphon-"));
  const folder = join(parent, "data");
  try {
    for (const _round of ["made", "there"]) {
      const db = openDatabase(folder);
      db.exec("CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)");
      const modes = await Promise.all(
        ["", "log.sqlite", "log.sqlite-wal"].map(async (name) => (await stat(join(folder, name))).mode & 0o777),
      );
      db.close();
      assert.deepEqual(modes, [0o700, 0o600, 0o600]);
      await chmod(join(folder, "log.sqlite"), 0o644);
    }
  } finally {
    await rm(parent, { recursive: true });
  }
});
