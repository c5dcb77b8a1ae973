import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { readResources } from "./index.ts";

async function inFolder(files: Record<string, string | Uint8Array>, look: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "antiphon-resources-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    await look(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("every text of a folder is read, under its path from there, in order", async () => {
  const files = {
    "b.sw.json": "{}",
    "a.sw.yaml": "id: ä",
    "specs/api.yaml": "openapi: 3.1.0",
    "application.properties": "x=1",
  };
  await inFolder(files, async (folder) => {
    assert.deepEqual(
      [...(await readResources(folder))],
      [
        ["a.sw.yaml", "id: ä"],
        ["application.properties", "x=1"],
        ["b.sw.json", "{}"],
        ["specs/api.yaml", "openapi: 3.1.0"],
      ],
    );
  });
});

test("hidden files, packages, programs, pictures and what is too large are left out, hidden workflows and functions are not", async () => {
  const files = {
    ".hidden.sw.json": "{}",
    ".git/config": "",
    "node_modules/x/package.json": "{}",
    "service.ts": "",
    "functions/price.d.ts": "",
    "functions/price.test.ts": "",
    ".env": "",
    ".hidden/a.sw.json": "{}",
    "functions/own.ts": "",
    "logo.png": Uint8Array.of(0x89, 0x50, 0xff),
    "large.json": " ".repeat(4_000_001),
    "kept.json": " ".repeat(4_000_000),
  };
  await inFolder(files, async (folder) => {
    assert.deepEqual([...(await readResources(folder)).keys()], [".hidden.sw.json", "functions/own.ts", "kept.json"]);
  });
});

test("functions of workflows are read, whatever they are written in", async () => {
  const files = { "functions/a.ts": "1", "flows/functions/of/b.mts": "2", "functions/c.js": "3", "d.mjs": "4" };
  await inFolder(files, async (folder) => {
    assert.deepEqual(
      [...(await readResources(folder))],
      [
        ["d.mjs", "4"],
        ["flows/functions/of/b.mts", "2"],
        ["functions/a.ts", "1"],
        ["functions/c.js", "3"],
      ],
    );
  });
});

test("a linked file is read, as Kubernetes mounts them, and a broken link is left out", async () => {
  await inFolder({ "..data/a.sw.json": "{}" }, async (folder) => {
    await symlink(join(folder, "..data/a.sw.json"), join(folder, "a.sw.json"));
    await symlink(join(folder, "gone"), join(folder, "b.sw.json"));
    await symlink(folder, join(folder, "loop"));
    assert.deepEqual([...(await readResources(folder))], [["a.sw.json", "{}"]]);
  });
});

test("what is no folder is an error that names it", async () => {
  await inFolder({ "a.sw.json": "{}" }, async (folder) => {
    await assert.rejects(readResources(join(folder, "gone")), {
      message: `ANTIPHON_WORKFLOWS: expected a readable folder of definitions, found "${join(folder, "gone")}": nothing there`,
    });
    await assert.rejects(readResources(join(folder, "a.sw.json")), {
      message: `ANTIPHON_WORKFLOWS: expected a readable folder of definitions, found "${join(folder, "a.sw.json")}": a file`,
    });
  });
});

test("a project of Java's is an error that names the folder in it, lest what was built of it is read as well", async () => {
  const files = { "src/main/resources/a.sw.json": "{}", "target/classes/a.sw.json": "{}" };
  await inFolder(files, async (folder) => {
    const resources = join(folder, "src", "main", "resources");
    await assert.rejects(readResources(folder), {
      message: `ANTIPHON_WORKFLOWS: expected a readable folder of definitions, found "${folder}": a project, whose definitions are in "${resources}"`,
    });
    assert.deepEqual([...(await readResources(resources))], [["a.sw.json", "{}"]]);
  });
});
