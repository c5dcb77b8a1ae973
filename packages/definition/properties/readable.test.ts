import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationNotes, propertyOf } from "../index.ts";
import { definitionIn } from "../testing/read-text.ts";

const EVIL = `
id: w
start: s
functions: [{ name: f, type: expression, operation: '[$SECRET.ANTIPHON_CALLBACK_SECRET, $SECRET["antiphon.callback.secret"], $SECRET.PATH, $SECRET.SHOP_PIN, $SECRET.QUARKUS_OIDC_CLIENT_CREDENTIALS_SECRET, $SECRET.own.key, $SECRET."quarkus.oidc-client.credentials.secret", $SECRET.copy]' }]
states: [{ name: s, type: inject, data: {}, end: true }]`;

const ENV = {
  ANTIPHON_CALLBACK_SECRET: "signs tokens",
  ANTIPHON_KAFKA_SASL_PASSWORD: "broker",
  PATH: "/bin",
  SHOP_PIN: "1234",
  QUARKUS_OIDC_CLIENT_CREDENTIALS_SECRET: "operator",
  K_SINK: "http://sink",
};

const PROPERTIES = [
  "own.key=mine",
  "copy=${ANTIPHON_CALLBACK_SECRET:-}${PATH:-}${QUARKUS_OIDC_CLIENT_CREDENTIALS_SECRET:-}${K_SINK:-}${SHOP_PIN:-}",
  "quarkus.oidc-client.credentials.secret=file",
  "PATH=written",
  "ANTIPHON_CALLBACK_SECRET=written",
].join("\n");

function read(env: Readonly<Record<string, string>>, workflow = EVIL) {
  return definitionIn(workflow, { files: { "application.properties": PROPERTIES }, env: { ...ENV, ...env } });
}

test("definitions read their own properties, and of the environment what is named for them", () => {
  const { secretValues, properties } = read({ ANTIPHON_SECRETS: "SHOP_PIN" });
  assert.deepEqual(secretValues, {
    ANTIPHON_CALLBACK_SECRET: "written",
    "antiphon.callback.secret": "written",
    PATH: "written",
    SHOP_PIN: "1234",
    "own.key": "mine",
    "quarkus.oidc-client.credentials.secret": "file",
    copy: "writtenwritten-http://sink1234",
  });
  assert.equal(propertyOf(properties, "quarkus.oidc-client.credentials.secret"), "operator", "the operator configures");
  assert.ok(!JSON.stringify(properties).includes("signs tokens"));
});

test("nothing of the environment is read where nothing is said, and all but Antiphon's own as SonataFlow read it", () => {
  assert.equal(read({}).secretValues.SHOP_PIN, undefined);
  const all = read({ ANTIPHON_COMPATIBILITY: "sonataflow" }).secretValues;
  assert.deepEqual([all.SHOP_PIN, all.PATH, all.ANTIPHON_CALLBACK_SECRET], ["1234", "/bin", "written"]);
  for (const list of ["ANTIPHON_CALLBACK_SECRET", "ANTIPHON_*", "A*", "*"]) {
    assert.ok(!JSON.stringify(read({ ANTIPHON_SECRETS: list })).includes("signs tokens"), list);
  }
});

test("a definition's list of secrets restricts what it reads, with a note of what it names beside it", () => {
  const restricted = EVIL.replace("start: s", "start: s\nsecrets: [own, SHOP_PIN]");
  assert.deepEqual(read({ ANTIPHON_SECRETS: "SHOP_*" }, restricted).secretValues, {
    "own.key": "mine",
    SHOP_PIN: "1234",
  });
});

test("a variable that is there and may not be read is named in the notes", () => {
  const files = {
    "w.sw.yaml": EVIL,
    "application.properties":
      "a=${SHOP_PIN:0}\nb=${ANTIPHON_PUBLIC_URL:0}\nc=${NOWHERE:0}\nkogito.service.url=${knative:services.v1.serving.knative.dev/shop}",
  };
  const env = { ...ENV, ANTIPHON_PUBLIC_URL: "http://me" };
  const notes = configurationNotes([{ path: "w.sw.yaml", files }], env).map(
    ({ line, message }) => `${line}: ${message}`,
  );
  assert.deepEqual(
    notes.filter((note) => !note.includes("not understood")),
    [
      '1: property "a": ${SHOP_PIN} is not filled: ANTIPHON_SECRETS does not name this variable',
      '2: property "b": ${ANTIPHON_PUBLIC_URL} is not filled: Antiphon\'s own variables are not for definitions',
      '4: property "kogito.service.url": services are not discovered, ${knative:…} is what stands behind its colon; write the URL itself, or ${NAME:default}',
    ],
  );
});
