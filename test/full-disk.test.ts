import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "./support/client.ts";
import { TEST_DEFINITIONS } from "./support/deployment.ts";
import { ready } from "./support/deployment-process.ts";
import { ServiceProcess } from "./support/service-process.ts";
import { waitUntil } from "./support/wait-until.ts";

const FILE_KB = 6_000;
const LARGE = "ä".repeat(100_000);
/** More starts than such a file can hold. */
const STARTS_MAX = 100;
const REFUSED = 100;
/** A failure that comes all the time is a line at first, and then at growing intervals; there are some ten of them. */
const LINES_MAX = 60;

interface Health {
  readonly checks: readonly { readonly name: string; readonly status: string; readonly data?: { reason: string } }[];
}

test("a server whose disk is full is not ready, says since when and why, in few lines, and goes on once there is room", async () => {
  const data = await mkdtemp(join(tmpdir(), "antiphon-full-"));
  const env = { ANTIPHON_DATA: data, ANTIPHON_PORT: "0", ANTIPHON_WORKFLOWS: TEST_DEFINITIONS };
  const full = new ServiceProcess("standalone", env, [], { fileKb: FILE_KB });
  const started: string[] = [];
  try {
    const url = String((await full.logged("listening on")).url);
    await ready(full, url);
    const client = new Client(url);
    const start = () => client.send("POST", "/by-topic", { question: LARGE }, { prefer: "respond-async" });
    let status = 202;
    for (let i = 0; status === 202 && i < STARTS_MAX; i++) {
      const answer = await start();
      status = answer.status;
      if (status === 202) started.push((answer.body as { id: string }).id);
    }
    assert.equal(status, 503);
    const down = await waitUntil("the server not to be ready", async () => {
      const { checks } = (await client.send("GET", "/q/health/ready")).body as Health;
      return checks.find((check) => check.name === "log" && check.status === "DOWN");
    });
    assert.match(
      String(down.data?.reason),
      /^nothing could be written since \d{4}-\d\d-\d\dT[\d:.]+Z: the embedded log could not be written: .+/,
    );
    for (let i = 0; i < REFUSED; i++) assert.equal((await start()).status, 503);
    const lines = full.lines().filter(({ level }) => level >= 40);
    assert.ok(lines.length <= LINES_MAX, `${lines.length} lines:\n${lines.map(({ msg }) => msg).join("\n")}`);
    assert.match(full.state, /^runs$/);
  } finally {
    await full.end("SIGKILL");
  }
  const roomy = new ServiceProcess("standalone", env);
  try {
    const url = String((await roomy.logged("listening on")).url);
    await ready(roomy, url);
    const client = new Client(url);
    for (const id of started) assert.ok((await client.waiting(id)).length > 0);
    assert.equal((await client.send("POST", "/by-topic", { question: 1 })).status, 201);
  } finally {
    await roomy.end("SIGKILL");
    await rm(data, { recursive: true, force: true });
  }
});
