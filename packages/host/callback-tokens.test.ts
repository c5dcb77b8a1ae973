import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { callbackSecrets, callbackTokens, hostSettings, readConfig } from "./index.ts";

const OLD = "an old secret of more than thirty-two characters";
const NEW = "a new secret of more than thirty-two characters";
const ref = { instance: "5f0c9d0e-6f0f-4a6f-9a43-000000000001", wait: "3.ApprovalEvent" };

function issued(secrets: readonly string[], tenant?: string) {
  return callbackTokens(secrets, tenant).issue(ref.instance, ref.wait, 1_000);
}

test("a token names the wait it was issued for until it expires", () => {
  const tokens = callbackTokens([NEW]);
  const token = tokens.issue(ref.instance, ref.wait, 1_000);
  assert.match(token, /^[A-Za-z0-9_.-]+$/);
  assert.deepEqual(tokens.read(token, 999), ref);
  assert.equal(tokens.read(token, 1_000), "expired");
});

test("a token with any one character replaced, taken away or added is unknown", () => {
  const tokens = callbackTokens([NEW]);
  const token = issued([NEW]);
  for (let at = 0; at < token.length; at++) {
    for (const other of "AB_-.09az=+/ é".replace(token.charAt(at), "")) {
      assert.equal(tokens.read(token.slice(0, at) + other + token.slice(at + 1), 0), "unknown");
      assert.equal(tokens.read(token.slice(0, at) + other + token.slice(at), 0), "unknown");
    }
    assert.equal(tokens.read(token.slice(0, at) + token.slice(at + 1), 0), "unknown");
  }
});

test("every other byte at every place of a token is refused", () => {
  const tokens = callbackTokens([NEW]);
  const bytes = Buffer.from(issued([NEW]));
  for (let at = 0; at < bytes.length; at++) {
    for (let flip = 1; flip < 256; flip++) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(at) ^ flip, at);
      assert.equal(tokens.read(altered.toString("latin1"), 0), "unknown");
    }
  }
});

test("the claims of one token do not go with the signature of another", () => {
  const tokens = callbackTokens([NEW]);
  const [id, claims] = tokens.issue(ref.instance, "3.Other", 1_000).split(".");
  const [, , signature] = issued([NEW]).split(".");
  assert.equal(tokens.read(`${id}.${claims}.${signature}`, 0), "unknown");
});

test("what was never a token is unknown", () => {
  const tokens = callbackTokens([NEW]);
  for (const text of ["", ".", "..", "...", "a.b.c", "x".repeat(100_000)]) {
    assert.equal(tokens.read(text, 0), "unknown");
  }
});

test("a token of another tenant is unknown", () => {
  assert.equal(callbackTokens([NEW], "theirs").read(issued([NEW], "ours"), 0), "unknown");
  assert.deepEqual(callbackTokens([NEW], "ours").read(issued([NEW], "ours"), 0), ref);
});

test("a secret is rotated by putting a new one in front, and its tokens end when it is taken away", () => {
  const rotating = callbackTokens([NEW, OLD]);
  assert.deepEqual(rotating.read(issued([OLD]), 0), ref);
  assert.equal(issued([NEW, OLD]), issued([NEW]));
  assert.equal(callbackTokens([NEW]).read(issued([OLD]), 0), "unknown");
});

test("configured secrets are used as they are", async () => {
  const config = readConfig(hostSettings, { ANTIPHON_CALLBACK_SECRET: `${NEW},${OLD}` });
  assert.deepEqual(await callbackSecrets(config, { warn: assert.fail }), [NEW, OLD]);
});

test("without a configured secret one is made, the same for all who start at once, and only its owner can read it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "antiphon-secret-"));
  try {
    const config = readConfig(hostSettings, { ANTIPHON_DATA: join(folder, "data") });
    const made = await Promise.all(Array.from({ length: 8 }, () => callbackSecrets(config, { warn: assert.fail })));
    assert.equal(new Set(made.flat()).size, 1);
    assert.deepEqual(await callbackSecrets(config, { warn: assert.fail }), made[0]);
    assert.deepEqual(await readdir(config.data), ["callback-secret"]);
    assert.equal((await stat(join(config.data, "callback-secret"))).mode & 0o777, 0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("on Kafka a secret that may not be shared is warned of", async () => {
  const folder = await mkdtemp(join(tmpdir(), "antiphon-secret-"));
  try {
    const warnings: unknown[] = [];
    const config = readConfig(hostSettings, { ANTIPHON_DATA: folder, ANTIPHON_KAFKA_BROKERS: "one:9092" });
    await callbackSecrets(config, { warn: (details: unknown) => warnings.push(details) });
    assert.deepEqual(warnings, [{ variable: "ANTIPHON_CALLBACK_SECRET", folder }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a kept secret that was cut short is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "antiphon-secret-"));
  try {
    await writeFile(join(folder, "callback-secret"), "short\n");
    const config = readConfig(hostSettings, { ANTIPHON_DATA: folder });
    await assert.rejects(callbackSecrets(config, { warn: assert.fail }), {
      message: `${join(folder, "callback-secret")}: expected at least 32 characters, found 5`,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
