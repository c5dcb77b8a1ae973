import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Client } from "./support/client.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";

const PROJECT = join(import.meta.dirname, "configuration");
const PATH = "order.sw.json";
/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:1";

const folder = await mkdtemp(join(tmpdir(), "antiphon-configuration-"));
await cp(PROJECT, folder, { recursive: true });
after(() => rm(folder, { recursive: true, force: true }));

/** A service that takes one password. */
async function startService(password: string): Promise<AsyncDisposable & { readonly url: string }> {
  const expected = `Basic ${Buffer.from(`shop:${password}`).toString("base64")}`;
  const server = createServer((request, response) => {
    const isRight = request.headers.authorization === expected;
    request.resume();
    response.writeHead(isRight ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify({ price: 42 }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function properties(url: string, password: string): string {
  return [
    `quarkus.rest-client.shop_yaml.url=${url}`,
    "quarkus.openapi-generator.shop_yaml.auth.basic.username=shop",
    `quarkus.openapi-generator.shop_yaml.auth.basic.password=${password}`,
    "",
  ].join("\n");
}

async function files(version: string, configuration: string): Promise<Readonly<Record<string, string>>> {
  const document = JSON.parse(await readFile(join(PROJECT, PATH), "utf8")) as object;
  return {
    [PATH]: JSON.stringify({ ...document, version }),
    "specs/shop.yaml": await readFile(join(PROJECT, "specs/shop.yaml"), "utf8"),
    "application.properties": configuration,
  };
}

await onEachDeployment("configuration", { workflows: folder }, (deployment, kind) => {
  const gateway = kind === "embedded" ? "standalone" : "gateway";

  test("an instance that waits uses the port and the password of now after a restart, also under an older version", async () => {
    await writeFile(join(folder, "application.properties"), properties(NOWHERE, "old"));
    await deployment().kill(gateway);
    await deployment().restart(gateway);
    const client = new Client(deployment().url);
    const id = await client.start("order", {});
    await using service = await startService("new");
    const changed = await files("2.0", properties(service.url, "new"));
    await writeFile(join(folder, "application.properties"), `${changed["application.properties"]}`);
    await writeFile(join(folder, PATH), `${changed[PATH]}`);
    await deployment().kill(gateway);
    await deployment().restart(gateway);
    const { status, data } = await client.ended(id);
    assert.deepEqual({ status, data }, { status: "completed", data: { price: 42 } });
  });

  test("an instance that waits uses them without a restart, once they are deployed over HTTP", async () => {
    const client = new Client(deployment().url);
    const put = async (configuration: string) => {
      const bundle = { path: PATH, files: await files("3.0", configuration) };
      return (await client.send("PUT", "/v1/definitions/order", bundle)).body as { readonly status: string };
    };
    assert.equal((await put(properties(NOWHERE, "old"))).status, "deployed");
    const id = await client.start("order", {});
    await using service = await startService("newer");
    assert.equal((await put(properties(service.url, "wrong"))).status, "reconfigured");
    assert.equal((await put(properties(service.url, "newer"))).status, "reconfigured");
    assert.deepEqual((await client.ended(id)).data, { price: 42 });
    const shown = await client.send("GET", "/v1/definitions/order");
    assert.ok(!shown.text.includes("newer"), "configuration is not handed out");
  });
});
