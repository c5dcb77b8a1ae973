import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { type Harness, storeContract } from "./contract/index.ts";
import { lossyStore } from "./contract/lossy-store.ts";
import { commitOf, lines } from "./contract/steps.ts";
import { embeddedStore } from "./embedded-store.ts";

storeContract("the embedded store", async (): Promise<Harness> => {
  const folder = new Folder();
  let embedded = embeddedStore(folder.path);
  const store = lossyStore(() => embedded);
  const reopenedAfter = async (change: () => void): Promise<void> => {
    await embedded[Symbol.asyncDispose]();
    change();
    embedded = embeddedStore(folder.path);
  };
  return {
    store,
    disturbances: [
      { name: "the store is closed and opened again", losesEverything: false, happen: () => reopenedAfter(() => {}) },
      { name: "the file is gone", losesEverything: true, happen: () => reopenedAfter(() => rmSync(folder.file)) },
      {
        name: "the file is torn",
        losesEverything: true,
        happen: () => reopenedAfter(() => truncateSync(folder.file, 20_000)),
      },
    ],
    loseNextAnswer: (fate) => store.loseNextAnswer(fate),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
});

const CONTENT = commitOf(null, 7, {
  values: new Map(Array.from({ length: 1_000 }, (_, i) => [`key ${i}`, "x".repeat(1_000)])),
  added: lines("due", "a"),
});

const damages: Record<string, (file: string) => void> = {
  "was overwritten with something else": (file) => writeFileSync(file, "this is not a database".repeat(1_000)),
  "lost its second half": (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2)),
  "has a torn page": (file) => writeFileSync(file, readFileSync(file).fill(0xab, 50_000, 70_000)),
  "was written by a release with other tables": (file) => {
    using database = new DatabaseSync(file);
    database.exec("PRAGMA user_version = 999");
  },
};

for (const [what, damage] of Object.entries(damages)) {
  test(`an embedded store whose file ${what} says so and starts afresh`, async () => {
    using folder = new Folder();
    {
      await using store = embeddedStore(folder.path);
      await store.commit("s/0", CONTENT);
    }
    damage(folder.file);
    const warnings: object[] = [];
    const logger = { info() {}, warn: (details: object, message: string) => warnings.push({ ...details, message }) };
    await using store = embeddedStore(folder.path, { logger });
    assert.deepEqual(
      warnings.map((warning) => ({ ...warning, reason: "…" })),
      [{ file: folder.file, reason: "…", message: "the embedded store cannot be read; it starts afresh" }],
    );
    assert.deepEqual(await store.load("s/0", ["key 0"]), { position: null, values: [null] });
    assert.equal(await store.commit("s/0", CONTENT), "committed");
  });
}

test("a file that is damaged under an open embedded store is started afresh by the call that meets the damage", async () => {
  using folder = new Folder();
  {
    await using store = embeddedStore(folder.path);
    await store.commit("s/0", CONTENT);
  }
  const warnings: string[] = [];
  const logger = { info() {}, warn: (_: object, message: string) => warnings.push(message) };
  await using store = embeddedStore(folder.path, { logger, cacheBytes: 16_384 });
  writeFileSync(folder.file, readFileSync(folder.file).fill(0xab, 16_384));
  assert.deepEqual(await store.load("s/0", ["key 0", "key 999"]), { position: null, values: [null, null] });
  assert.deepEqual(warnings, ["the embedded store cannot be read; it starts afresh"]);
  assert.equal(await store.commit("s/0", CONTENT), "committed");
});

test("what was committed outlives the process, even one that was killed", async () => {
  using folder = new Folder();
  const result = inAnotherProcess(`
    const store = embeddedStore(${JSON.stringify(folder.path)});
    await store.commit("s/0", { expected: null, position: 7, values: new Map([["a", "1"]]), added: [], removed: [] });
    process.kill(process.pid, "SIGKILL");`);
  assert.equal(result.signal, "SIGKILL");
  await using store = embeddedStore(folder.path);
  assert.deepEqual(await store.load("s/0", ["a"]), { position: 7, values: ["1"] });
});

test("a disk that takes no more makes a commit throw StoreUnavailableError, and what was there before is still there", async () => {
  using folder = new Folder();
  const result = inAnotherProcess(
    `
    const store = embeddedStore(${JSON.stringify(folder.path)});
    const commitsMax = 1_000;
    let position = null;
    try {
      while ((position ?? 0) < commitsMax) {
        const next = (position ?? 0) + 1;
        const values = new Map([["last", String(next)], ["key " + next, "x".repeat(20_000)]]);
        await store.commit("s/0", { expected: position, position: next, values, added: [], removed: [] });
        position = next;
      }
    } catch (error) {
      const { position: held, values } = await store.load("s/0", ["last"]);
      console.log(JSON.stringify([error.name, held === position && values[0] === String(position)]));
    }`,
    { fileBlocksMax: 2_000 },
  );
  assert.deepEqual(JSON.parse(result.stdout), ["StoreUnavailableError", true]);
});

test("a second store on the same folder is refused, in this process and in another, until the first one is closed", async () => {
  using folder = new Folder();
  const expected = `${folder.file} is in use by another process or store; expected one per folder`;
  const opening = `embeddedStore(${JSON.stringify(folder.path)}); console.log("opened");`;
  {
    await using _first = embeddedStore(folder.path);
    assert.throws(() => embeddedStore(folder.path), { message: expected });
    assert.match(inAnotherProcess(opening).stderr, new RegExp(RegExp.escape(expected)));
  }
  assert.equal(inAnotherProcess(opening).stdout, "opened\n");
});

test("a closed embedded store refuses calls and may be closed again", async () => {
  using folder = new Folder();
  const store = embeddedStore(folder.path);
  await store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  await assert.rejects(store.load("s/0", []), { message: "expected an open store, found one that was disposed of" });
});

class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "antiphon-store-"));
  readonly file = join(this.path, "store.sqlite");

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** `fileBlocksMax`: how long files may become, in blocks of 512 or 1,024 bytes, after which the system refuses to write. */
function inAnotherProcess(
  code: string,
  { fileBlocksMax }: { readonly fileBlocksMax?: number } = {},
): { signal: string | null; stdout: string; stderr: string } {
  const url = JSON.stringify(import.meta.resolve("./embedded-store.ts"));
  const script = `import { embeddedStore } from ${url};\n${code}`;
  const words = ["--input-type=module", "--eval", script];
  if (fileBlocksMax === undefined) return spawnSync(process.execPath, words, { encoding: "utf8" });
  const limited = `ulimit -f ${fileBlocksMax}; exec "$0" "$@"`;
  return spawnSync("sh", ["-c", limited, process.execPath, ...words], { encoding: "utf8" });
}

test("nobody but the owner may read the store", async () => {
  using folder = new Folder();
  await using store = embeddedStore(join(folder.path, "data"));
  await store.commit("s", CONTENT);
  const modes = ["", "store.sqlite", "store.sqlite-wal"].map((name) => {
    return statSync(join(folder.path, "data", name)).mode & 0o777;
  });
  assert.deepEqual(modes, [0o700, 0o600, 0o600]);
});
