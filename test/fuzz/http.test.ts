import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { callbackTokens } from "@antiphon/host";
import { Client } from "../support/client.ts";
import { CALLBACK_SECRET } from "../support/deployment-process.ts";
import { onDeployment } from "../support/on-each-deployment.ts";
import { type Answered, type Asked, ask, askRaw } from "./ask.ts";
import { binaryPieces, type Piece, paths, pieces } from "./corpus.ts";
import { hugeEvents, millionKeys, mutatedEvents } from "./generate.ts";

const STRUCTURED = { "content-type": "application/cloudevents+json" };
const JSON_TYPE = { "content-type": "application/json" };
/** Requests under way at once. */
const CONCURRENCY = 8;
const GENERATED = 300;
/** The limit of bodies, and the size of those that are merely large. */
const BODY_BYTES_MAX = 1_048_576;
const HUGE_BYTES = 300_000;
/** A process that keeps what came dies of it. */
const HEAP_MEBIBYTES = 400;

const settings = {
  workflows: `${import.meta.dirname}/definitions`,
  env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MEBIBYTES}` },
};

await onDeployment("embedded", "hostile input", settings, (deployment) => {
  let client: Client;
  let orders = 0;

  before(async () => {
    client = new Client(deployment().url);
    await comesThrough();
  });

  /** Sends all, and holds against each answer what must hold of any; then a good event comes through. */
  async function send(requests: readonly (Asked & { readonly name: string })[]): Promise<readonly Answered[]> {
    const { url } = deployment();
    const left = requests.entries();
    const answers: Answered[] = [];
    const wrong: string[] = [];
    const work = async (): Promise<void> => {
      for (const [i, asked] of left) {
        const answered = await ask(url, asked).catch((error: Error) => ({
          status: 0,
          contentType: "",
          text: error.message,
        }));
        answers[i] = answered;
        const problem = problemWith(answered);
        if (problem !== undefined) wrong.push(`${asked.name}: ${asked.method} ${asked.path}: ${problem}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    assert.deepEqual(wrong, []);
    await comesThrough();
    return answers;
  }

  /** An instance waits, its event comes, and it ends. */
  async function comesThrough(): Promise<void> {
    const orderid = `good-${++orders}`;
    const id = await client.start("fuzz", { orderid });
    const event = { id: orderid, source: "/good", type: "fuzz.answered", orderid };
    assert.equal((await client.event(event)).disposition, "resolved");
    assert.equal((await client.ended(id)).status, "completed");
  }

  async function waiting(): Promise<string> {
    return client.start("fuzz", { orderid: `waiting-${++orders}` });
  }

  async function callbacks(bodies: readonly Piece[], headers: Asked["headers"]) {
    const tokens = callbackTokens([CALLBACK_SECRET]);
    const requests = [];
    for (const { name, bytes: body } of bodies) {
      const token = tokens.issue(await waiting(), "2.event", Date.now() + 3_600_000);
      requests.push({ name, method: "POST", path: `/callbacks/${token}`, headers: headers ?? {}, body });
    }
    return requests;
  }

  const posted =
    (path: string, headers: Asked["headers"] = {}, method = "POST") =>
    (piece: Piece) => ({ name: piece.name, method, path, headers, body: piece.bytes });

  test("events in structured mode, to the root and to channels", async () => {
    for (const path of ["/", "/fuzz-in/begun"]) await send(pieces("structured").map(posted(path, STRUCTURED)));
    await send(pieces("structured").map(posted("/fuzz-in/bare", STRUCTURED, "PUT")));
  });

  test(`${GENERATED} generated events`, async () => {
    await send([...mutatedEvents("http", GENERATED)].map(posted("/", STRUCTURED)));
  });

  test("events in binary mode", async () => {
    for (const path of ["/", "/fuzz-in/begun"]) {
      await send(binaryPieces().map(({ headers, ...piece }) => posted(path, Object.fromEntries(headers))(piece)));
    }
  });

  test("a batch with one bad event is refused as a whole", async () => {
    const type = { "content-type": "application/cloudevents-batch+json" };
    const answers = await send(pieces("batch").map(posted("/", type)));
    const bad = pieces("batch").findIndex(({ name }) => name === "batch/one-bad.json");
    assert.equal(answers[bad]?.status, 400);
  });

  test("content types that are wrong, or none", async () => {
    const body = Buffer.from('{"specversion":"1.0","id":"t","source":"/fuzz","type":"fuzz.answered","orderid":"none"}');
    const types = [
      "application/cloudevents+xml",
      "application/cloudevents-batch+json",
      "application/xml",
      "text/html",
      "multipart/form-data",
      "\u00e9/\u00e9",
      "a".repeat(8_000),
      "application/json; charset=utf-16",
      "",
    ];
    await send(
      types.map((type) => ({
        name: type.slice(0, 40),
        method: "POST",
        path: "/",
        headers: { "content-type": type },
        body,
      })),
    );
    await send([{ name: "none", method: "POST", path: "/", body }]);
  });

  test("bodies that are compressed, for all that they say", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const encoded = (encoding: string, body: Buffer) => ({
      name: encoding,
      method: "POST",
      path: "/",
      headers: { ...STRUCTURED, "content-encoding": encoding },
      body,
    });
    await send([
      encoded("gzip", bomb),
      encoded("br", bomb),
      encoded("deflate", Buffer.from("{}")),
      encoded("x".repeat(100), Buffer.from("{}")),
    ]);
  });

  test("bodies that are huge, up to the limit and beyond it", async () => {
    await send(hugeEvents(HUGE_BYTES).map(posted("/", STRUCTURED)));
    await send(hugeEvents(HUGE_BYTES).map(posted("/fuzz", JSON_TYPE)));
    await send(hugeEvents(BODY_BYTES_MAX).slice(0, 2).map(posted("/", STRUCTURED)));
    const [answer] = await send([
      posted("/", STRUCTURED)({ name: "one byte more", bytes: Buffer.alloc(BODY_BYTES_MAX + 1, " ") }),
    ]);
    assert.equal(answer?.status, 413);
    // Refused by what it says of its length, before the rest is sent: whoever sends it all might not see the answer.
    const million = millionKeys();
    const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${STRUCTURED["content-type"]}\r\ncontent-length: ${million.length}`;
    const begun = Buffer.concat([Buffer.from(`${head}\r\n\r\n`), million.subarray(0, 1_000)]);
    assert.match(await askRaw(deployment().url, begun), /^HTTP\/1\.1 413 /);
    await comesThrough();
  });

  test("starts, and changes of data", async () => {
    await send([...pieces("json"), ...pieces("structured")].map(posted("/fuzz", JSON_TYPE)));
    for (const method of ["PUT", "PATCH"])
      await send(pieces("json").map(posted(`/fuzz/${await waiting()}`, JSON_TYPE, method)));
    await send(pieces("json").map(posted(`/fuzz?businessKey=${"k".repeat(5_000)}`, JSON_TYPE)));
  });

  test("answers to callback URLs", async () => {
    await send(await callbacks(pieces("json"), JSON_TYPE));
    await send(await callbacks(pieces("structured"), STRUCTURED));
  });

  test("definitions", async () => {
    await send(pieces("definitions").map(posted("/v1/definitions/fuzzed", JSON_TYPE, "PUT")));
    const bundled = pieces("definitions").map(({ name, bytes }) => {
      const files = {
        "__proto__/../../x.sw.json": bytes.toString("utf8"),
        "application.properties": "a=${a}\n%dev.b=\\u12",
      };
      return { name, bytes: Buffer.from(JSON.stringify({ path: "__proto__/../../x.sw.json", files })) };
    });
    await send(bundled.map(posted("/v1/definitions/fuzzed", JSON_TYPE, "PUT")));
    await send(pieces("json").map(posted("/v1/definitions/%00", JSON_TYPE, "PUT")));
  });

  test("paths and queries, by every method", async () => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]) {
      await send(
        paths().map((path) => ({
          name: "paths.txt",
          method,
          path,
          headers: JSON_TYPE,
          body: Buffer.from(method === "GET" || method === "HEAD" ? "" : "{}"),
        })),
      );
    }
  });

  test("the ledger is asked about events that are none", async () => {
    await send(pieces("structured").map(posted("/v1/events/explain", STRUCTURED)));
    await send([
      posted(
        "/v1/dead-letters/redrive?type=%00&source=__proto__",
        JSON_TYPE,
      )({ name: "none", bytes: Buffer.from("[") }),
    ]);
  });

  test("what is no HTTP is answered as such, or not at all", async () => {
    const head = "POST / HTTP/1.1\r\nhost: x\r\n";
    const raw = [
      "\0\0\0\0",
      "GET",
      "GET / HTTP/9.9\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
      "GET / HTTP/1.1\r\n\r\n",
      `${head}content-length: -1\r\n\r\n`,
      `${head}content-length: 1e3\r\n\r\n`,
      `${head}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`,
      `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`,
      `${head}x: ${"y".repeat(20_000)}\r\n\r\n`,
      `${head}${"x: y\r\n".repeat(3_000)}\r\n`,
      `${head}ce-id: a\0b\r\n\r\n`,
      `${head}ce-id : a\r\n\r\n`,
      `POST /${"x".repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    ];
    for (const text of raw) {
      // Half a request is followed by silence, which would be waited for.
      const isHalf = text === "GET";
      const answer = await askRaw(deployment().url, Buffer.from(isHalf ? `${text}\r\n\r\n` : text, "latin1"));
      assert.match(answer, /^$|^HTTP\/1\.1 (?:4\d\d|20\d) /, JSON.stringify(text.slice(0, 80)));
    }
    await comesThrough();
  });

  test("after all of it the process is the one that it was", async () => {
    const { status, text } = await ask(deployment().url, { method: "GET", path: "/q/health" });
    assert.equal(status, 200, text);
  });
});

/** What is wrong with an answer, whatever was asked: a server's mistake, or a refusal that does not say why. */
function problemWith({ status, contentType, text }: Answered): string | undefined {
  if (status < 200 || status >= 500) return `answered ${status} ${text.slice(0, 300)}`;
  if (status < 400 || text === "") return undefined;
  if (!contentType.startsWith("application/problem+json"))
    return `answered ${status} with ${contentType}: ${text.slice(0, 200)}`;
  const { detail, status: told } = JSON.parse(text) as { detail?: unknown; status?: unknown };
  if (told === status && typeof detail === "string" && detail !== "") return undefined;
  return `answered ${status} without a reason: ${text.slice(0, 200)}`;
}
