import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionIn, problemsIn } from "../testing/read-text.ts";
import { readConfiguration } from "./configuration.ts";
import { propertyOf } from "./properties.ts";

type Texts = Readonly<Record<string, string>>;

function readFiles(files: Texts, env: Texts = {}, workflow = "w.sw.json") {
  return readConfiguration(workflow, new Map(Object.entries(files)), env).properties;
}

function readProperties(text: string, env: Texts, profile?: string) {
  const chosen: Texts = profile === undefined ? {} : { ANTIPHON_PROFILE: profile };
  const { ANTIPHON_PROFILE: _, ...properties } = readFiles({ "application.properties": text }, { ...chosen, ...env });
  return properties;
}

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
  assert.deepEqual(readProperties(text, { HOST: "shop", SHOP_HOST: "dotted-shop", ANTIPHON_SECRETS: "HOST, SHOP_*" }), {
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

test("a file for the profile overrides what the common one says, even for that profile", () => {
  const files = {
    "application.properties": "a=general\n%dev.a=dev\nb=general",
    "application-dev.properties": "a=file\n%dev.c=too\n%prod.c=other",
    "application-prod.properties": "a=prod",
  };
  assert.deepEqual(readFiles(files), { a: "prod", b: "general" });
  assert.deepEqual(readFiles(files, { QUARKUS_PROFILE: "dev" }), {
    QUARKUS_PROFILE: "dev",
    a: "file",
    b: "general",
    c: "too",
  });
});

test("of several profiles a later one wins, and the environment has its own for each", () => {
  const text = "%base.a=base\n%eu.a=eu\n%base.b=base\nc=general";
  assert.deepEqual(readProperties(text, {}, "base, eu"), { a: "eu", b: "base", c: "general" });
  const env = { _EU_C: "env", ANTIPHON_SECRETS: "C" };
  assert.equal(readProperties(text, env, "eu").c, "env");
  assert.equal(readProperties(text, env, "other").c, "general");
});

test("YAML is flattened: names with dots in quotes, profiles, lists, and a value beside what is below it", () => {
  const yaml = `
quarkus:
  rest-client:
    "order.yaml":
      url: http://orders
  http: { port: 8080 }
kogito.messaging.as-cloudevents: false
list: [a, "b,c"]
nested: [{ x: 1 }, { x: 2.0 }]
both:
  ~: self
  below: true
none:
"%dev":
  list: dev
`;
  assert.deepEqual(readFiles({ "application.yml": yaml }), {
    'quarkus.rest-client."order.yaml".url': "http://orders",
    "quarkus.http.port": "8080",
    "kogito.messaging.as-cloudevents": "false",
    list: "a,b\\,c",
    "nested[0].x": "1",
    "nested[1].x": "2.0",
    both: "self",
    "both.below": "true",
    none: "",
  });
  assert.equal(readFiles({ "application.yml": yaml }, { ANTIPHON_PROFILE: "dev" }).list, "dev");
  assert.deepEqual(readFiles({ "application.yaml": "# nothing\n---\n" }), {});
});

test("YAML counts for more than properties do, and both may be there", () => {
  const files = { "application.properties": "a=text\n%prod.a=special\nb=text", "application.yaml": "a: yaml" };
  assert.deepEqual(readFiles(files), { a: "yaml", b: "text" });
});

test("YAML that is none, or no object, is a problem with its place", () => {
  for (const [yaml, problem] of [
    ["a: [", /^application\.yaml:1:/],
    ["- a", /^application\.yaml:1:1: expected an object of properties, found an array/],
  ] as const) {
    const workflow = "id: w\nstart: s\nstates: [{ name: s, type: inject, data: {}, end: true }]";
    const lines = problemsIn(workflow, { files: { "application.yaml": yaml } });
    assert.match(lines[0] ?? "", problem);
  }
});

test("a workflow is configured by the files nearest to it", () => {
  const files = {
    "application.properties": "a=root",
    "shop/application.yaml": "a: shop",
    "shop/META-INF/microprofile-config.properties": "a=base\nb=base",
    "shopping/application.properties": "a=other",
  };
  assert.deepEqual(readFiles(files, {}, "shop/flows/w.sw.json"), { a: "shop", b: "base" });
  assert.deepEqual(readFiles(files, {}, "flows/w.sw.json"), { a: "root" });
  const { files: paths } = readConfiguration("shop/w.sw.json", new Map(Object.entries(files)), {});
  assert.deepEqual(paths, ["shop/META-INF/microprofile-config.properties", "shop/application.yaml"]);
});

test("every key may be set by the environment, quotes and all", () => {
  const env = {
    QUARKUS_REST_CLIENT__ORDER_YAML__URL: "http://env",
    KOGITO_ADDON_MESSAGING_OUTGOING_CLOUDEVENTMODE: "binary",
    "kogito.service.url": "http://dots",
  };
  const properties = readProperties('quarkus.rest-client."order.yaml".url=http://file', env);
  assert.equal(propertyOf(properties, 'quarkus.rest-client."order.yaml".url'), "http://env");
  assert.equal(propertyOf(properties, "kogito.addon.messaging.outgoing.cloudEventMode"), "binary");
  assert.equal(propertyOf(properties, "kogito.service.url"), "http://dots");
});

test("of the environment's secrets, a definition has those that it names", () => {
  const workflow = `
id: w
start: s
functions: "functions.yaml"
states: [{ name: s, type: inject, data: {}, stateDataFilter: { output: '\${ $SECRET.bank.pin }' }, end: true }]`;
  const functions = `functions: [{ name: f, type: expression, operation: '$SECRET."api.key"' }]`;
  const env = {
    BANK_PIN: "1234",
    API_KEY: "abc",
    DATABASE_PASSWORD: "hidden",
    ANTIPHON_SECRETS: "BANK_,API_KEY,DATABASE_",
  };
  const { properties, secretValues } = definitionIn(workflow, { files: { "functions.yaml": functions }, env });
  assert.deepEqual([properties, secretValues], [{}, { "bank.pin": "1234", "api.key": "abc" }]);
});
