import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createLogger } from "./create-logger.ts";
import { SecretMask } from "./secret-mask.ts";

for (const isTTY of [false, true]) {
  test(`no line of the log has a secret in it, ${isTTY ? "on a terminal" : "as JSON"}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "antiphon-"));
    const file = join(folder, "log");
    const fd = openSync(file, "w");
    try {
      const secrets = new SecretMask();
      const logger = createLogger({ logLevel: "info" }, "sample", secrets, { fd, isTTY });
      logger.info({}, 'before it is known: hunter"22ä');
      secrets.set(['hunter"22ä']);
      const cause = new Error("http://host/?key=hunter%2222%C3%A4");
      logger.warn({ err: new Error('cannot use hunter"22ä', { cause }) }, 'a call with hunter"22ä failed');
      logger.child({ reason: Buffer.from('user:hunter"22ä').toString("base64") }).warn({}, 'string ("hunter\\"2...)');
      const [before, ...after] = readFileSync(file, "utf8").trimEnd().split("\n");
      assert.match(before ?? "", /hunter/);
      assert.deepEqual([after.length >= 2, after.filter((line) => /hunter|h1bnRlciIy/.test(line))], [true, []]);
      assert.match(after[0] ?? "", /a call with … failed/);
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });
}
