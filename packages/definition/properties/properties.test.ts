import assert from "node:assert/strict";
import { test } from "node:test";
import { propertyOf, readProperties } from "./properties.ts";

test("comments, separators, continued lines and escapes are read as Java does", () => {
  const text = String.raw`
# a comment \
! another
  spaced   =   value with spaces  
colon:value
blank value
empty=
none
key\ with\:signs = a\tb\u00e9\q
long = one, \
       two, \
       three
backslash = C:\\
after = yes
url=http://localhost:8080/a=b
`;
  assert.deepEqual(readProperties(text, {}), {
    spaced: "value with spaces  ",
    colon: "value",
    blank: "value",
    empty: "",
    none: "",
    "key with:signs": "a\tbéq",
    long: "one, two, three",
    backslash: "C:\\",
    after: "yes",
    url: "http://localhost:8080/a=b",
  });
  assert.deepEqual(readProperties("\uFEFFa=1\r\nb=2\rc=3\nlast=\\", {}), { a: "1", b: "2", c: "3", last: "\\" });
});

test("keys of the profile win over general ones, those of others are left out", () => {
  const text = "%prod.a=prod\na=general\n%dev.a=dev\n%{dev,test}.b=both\n%dev.c=dev\nc=general";
  assert.deepEqual(readProperties(text, {}), { a: "prod", c: "general" });
  assert.deepEqual(readProperties(text, {}, "dev"), { a: "dev", b: "both", c: "dev" });
  assert.deepEqual(readProperties(text, {}, "test"), { a: "general", b: "both", c: "general" });
});

test("a placeholder is filled from the environment, from another property, or by its default", () => {
  const text = [
    "url=http://${HOST}:${PORT:80}/${path.of}",
    "path.of=a",
    "dotted=${shop.host:none}",
    "nested=${MISSING:${ALSO_MISSING:deep:er}}",
    "unknown=${MISSING}",
    "open=${HOST",
    "none=${MISSING:}",
  ].join("\n");
  assert.deepEqual(readProperties(text, { HOST: "shop", SHOP_HOST: "dotted-shop" }), {
    url: "http://shop:80/a",
    "path.of": "a",
    dotted: "dotted-shop",
    nested: "deep:er",
    unknown: "${MISSING}",
    open: "${HOST",
    none: "",
  });
});

test("properties that lead in a circle, far, or to very much, stay as they are written", () => {
  assert.deepEqual(readProperties("a=${b}\nb=${a}\nc=${c:own}", {}), { a: "${a}", b: "${a}", c: "own" });
  const doubling = ["p0=0123456789", ...Array.from({ length: 30 }, (_, i) => `p${i + 1}=\${p${i}}\${p${i}}`)];
  const longest = Math.max(...Object.values(readProperties(doubling.join("\n"), {})).map((value) => value.length));
  assert.equal(longest <= 70_000, true);
  const braces = `${"${".repeat(5000)}x${"}".repeat(5000)}`;
  assert.equal(readProperties(`a=${braces}`, {}).a, braces);
});

test("the environment overrides a property, and may set one alone", () => {
  const properties = readProperties("quarkus.rest-client.shop_yaml.url=http://file", {
    QUARKUS_REST_CLIENT_SHOP_YAML_URL: "http://env",
    MP_MESSAGING_INCOMING_PAID_TOPIC: "payments",
    SECRET: "hidden",
  });
  assert.equal(propertyOf(properties, "quarkus.rest-client.shop_yaml.url"), "http://env");
  assert.equal(propertyOf(properties, "mp.messaging.incoming.paid.topic"), "payments");
  assert.equal(propertyOf(properties, "toString"), undefined);
  assert.equal(Object.values(properties).includes("hidden"), false);
});
