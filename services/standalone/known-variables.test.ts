import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { KNOWN_VARIABLES } from "@antiphon/host";

const ROOT = join(import.meta.dirname, "..", "..");

test("every variable that some process reads is known to all, and none that nothing reads", async () => {
  const read = new Set<string>();
  for await (const file of glob(["{packages,services}/**/*.ts"], {
    cwd: ROOT,
    exclude: ["**/node_modules/**", "**/*.test.ts"],
  })) {
    if (file.endsWith("known-variables.ts")) continue;
    for (const [name] of (await readFile(join(ROOT, file), "utf8")).matchAll(/\bANTIPHON_[A-Z]+(?:_[A-Z]+)*\b/g))
      read.add(name);
  }

  assert.deepEqual([...KNOWN_VARIABLES], [...read].sort());
});
