import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "./support/client.ts";
import { TEST_DEFINITIONS } from "./support/deployment.ts";
import { CALLBACK_SECRET, ready } from "./support/deployment-process.ts";
import { ServiceProcess } from "./support/service-process.ts";

test("a data folder as a kill leaves it is a backup: put elsewhere, with its store or without, it goes on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "antiphon-backup-"));
  const start = async (name: string) => {
    const service = new ServiceProcess("standalone", {
      ANTIPHON_DATA: join(folder, name),
      ANTIPHON_WORKFLOWS: TEST_DEFINITIONS,
      ANTIPHON_CALLBACK_SECRET: CALLBACK_SECRET,
      ANTIPHON_PORT: "0",
    });
    const { url } = await service.logged("listening on");
    await ready(service, `${url}`);
    return { service, client: new Client(`${url}`) };
  };
  try {
    const first = await start("first");
    const id = await first.client.start("by-key", { orderid: "1" });
    await first.client.waiting(id);
    await first.service.end("SIGKILL");

    const isLog = (path: string): boolean => !path.includes("store.sqlite");
    await cp(join(folder, "first"), join(folder, "whole"), { recursive: true });
    await cp(join(folder, "first"), join(folder, "log"), { recursive: true, filter: isLog });
    for (const name of ["whole", "log"]) {
      const { service, client } = await start(name);
      await client.waiting(id);
      const event = {
        id: `answer-${name}`,
        source: "/test",
        type: "by-key.answered",
        orderid: "1",
        data: { square: 9 },
      };
      await client.event(event);
      const { status, data } = await client.ended(id);
      assert.deepEqual({ status, data }, { status: "completed", data: { orderid: "1", answer: { square: 9 } } });
      await service.end("SIGTERM");
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
