import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems, readDefinition, readFolder } from "./index.ts";

function workflow(id: string, more: object = {}): string {
  return JSON.stringify({ id, start: "s", states: [{ name: "s", type: "inject", data: {}, end: true }], ...more });
}

test("each workflow of a folder is bundled with exactly what it refers to", () => {
  const files = {
    "application.properties": "a=b",
    "README.md": "nothing to do with it",
    "one.sw.json": workflow("one", { functions: [{ name: "f", operation: "specs/a.yaml#x" }], constants: "c.json" }),
    "sub/two.sw.yml": "id: two\nstart: s\nstates: [{ name: s, type: sleep, duration: PT1S, end: true }]",
    "sub/three.sw.yaml": workflow("three", { events: "events.json", errors: "missing.json" }),
    "sub/events.json": "[]",
    "specs/a.yaml": 'openapi: 3.0.0\npaths: { /: { $ref: "b.yaml#/item" } }',
    "specs/b.yaml": "item: { get: { operationId: x } }",
    "specs/unused.yaml": "openapi: 3.0.0",
    "c.json": "{}",
    ".hidden.sw.json": "not read",
    ".git/four.sw.json": "not read",
    "five.json": "not read",
  };
  const { bundles, problems } = readFolder(new Map(Object.entries(files)));
  assert.deepEqual(problems, []);
  assert.deepEqual(
    bundles.map(({ path, files: own }) => [path, Object.keys(own)]),
    [
      ["one.sw.json", ["application.properties", "c.json", "one.sw.json", "specs/a.yaml", "specs/b.yaml"]],
      ["sub/three.sw.yaml", ["application.properties", "sub/events.json", "sub/three.sw.yaml"]],
      ["sub/two.sw.yml", ["application.properties", "sub/two.sw.yml"]],
    ],
  );
  for (const bundle of bundles)
    for (const [path, text] of Object.entries(bundle.files)) assert.equal(text, files[path as keyof typeof files]);
  assert.deepEqual(
    bundles.map((bundle) => readDefinition(bundle, {}).definition?.id),
    ["one", undefined, "two"],
  );
});

test("an id that two workflows have is told with both files", () => {
  const files = new Map([
    ["a.sw.json", workflow("same")],
    ["b.sw.json", workflow("other")],
    ["sub/c.sw.yaml", `version: "2"\nid: same\nstart: s\nstates: []`],
  ]);
  const { bundles, problems } = readFolder(files);
  assert.equal(bundles.length, 3);
  assert.equal(
    formatProblems(problems),
    'sub/c.sw.yaml:2:5 /id: expected an id that no other workflow has, found "same", which a.sw.json has too',
  );
});

test("a workflow that cannot be read is bundled all the same, so that reading it tells what is wrong", () => {
  const { bundles, problems } = readFolder(new Map([["a.sw.json", "{"]]));
  assert.deepEqual(problems, []);
  assert.deepEqual(bundles, [{ path: "a.sw.json", files: { "a.sw.json": "{" } }]);
  const [bundle] = bundles;
  assert.equal(
    formatProblems(bundle ? readDefinition(bundle, {}).problems : []),
    "a.sw.json:1:2: expected property name or '}', found the end",
  );
});

test("a bundle without its own file is a problem, not a crash", () => {
  const { problems } = readDefinition({ path: "a.sw.json", files: {} }, {});
  assert.equal(formatProblems(problems), "a.sw.json:1:1: expected the workflow's file in its bundle, found nothing");
});

test("references that leave the folder find nothing", () => {
  const path = "sub/a.sw.json";
  const files = { [path]: workflow("a", { constants: "../../secrets.json" }), "secrets.json": "{}" };
  const { problems } = readDefinition({ path, files }, {});
  assert.match(
    formatProblems(problems),
    /expected a file of the resources folder .*found "\.\.\/\.\.\/secrets\.json"$/,
  );
});

test("a folder of several projects configures each workflow by the properties nearest to it", () => {
  const files = new Map([
    ["application.properties", "a=outer"],
    ["one.sw.json", workflow("one")],
    ["project/application.properties", "a=inner"],
    ["project/flows/two.sw.json", workflow("two")],
  ]);
  const configured = readFolder(files).bundles.map((bundle) => {
    const { definition } = readDefinition(bundle, {});
    return [definition?.id, definition?.properties];
  });
  assert.deepEqual(configured, [
    ["one", { a: "outer" }],
    ["two", { a: "inner" }],
  ]);
});

test("hidden workflows count where the configuration says so", () => {
  const pathsWith = (files: Readonly<Record<string, string>>, env = {}) => {
    const all = { ".a.sw.json": workflow("a"), "x/.b/b.sw.yaml": workflow("b"), "c.sw.yml": workflow("c"), ...files };
    return readFolder(new Map(Object.entries(all)), env).bundles.map(({ path }) => path);
  };
  const every = [".a.sw.json", "c.sw.yml", "x/.b/b.sw.yaml"];
  assert.deepEqual(pathsWith({}), ["c.sw.yml"]);
  assert.deepEqual(pathsWith({ "application.properties": "kogito.codegen.ignoreHiddenFiles=false" }), every);
  assert.deepEqual(pathsWith({ "x/application.properties": "kogito.codegen.ignoreHiddenFiles=false" }), every.slice(1));
  assert.deepEqual(pathsWith({}, { KOGITO_CODEGEN_IGNOREHIDDENFILES: "false" }), every);
});

test("a workflow that another one names must be in the folder", () => {
  const parent = {
    start: "s",
    states: [
      {
        name: "s",
        type: "operation",
        actions: [{ subFlowRef: "child" }, { subFlowRef: { workflowId: "chidl", version: "1" } }],
        end: { continueAs: { workflowId: "parent" } },
      },
    ],
  };
  const files = { "child.sw.json": workflow("child"), "parent.sw.json": workflow("parent", parent) };
  assert.deepEqual(formatProblems(readFolder(new Map(Object.entries(files))).problems).split(/(?<= )expected/), [
    "parent.sw.json:1:131 /states/0/actions/1/subFlowRef/workflowId: ",
    ' the id of a workflow of this folder, found "chidl"; did you mean "child"?',
  ]);
  const [, bundle] = readFolder(new Map(Object.entries(files))).bundles;
  assert.deepEqual(bundle && readDefinition(bundle, {}).problems, []);
});

test("documents on the web are wanted by a folder, and bundled once they are there", () => {
  const url = "http://example.com/api.yaml";
  const files = { "a.sw.json": workflow("a", { functions: [{ name: "f", operation: `${url}#x` }] }) };
  const wanted = readFolder(new Map(Object.entries(files))).wanted.map((one) => [one.url, one.place.pointer]);
  assert.deepEqual(wanted, [[url, "/functions/0/operation"]]);
  const api = "openapi: 3.0.0\npaths: { /: { get: { operationId: x } } }";
  const whole = readFolder(new Map([...Object.entries(files), [url, api]]));
  assert.deepEqual(whole.wanted, []);
  assert.deepEqual(
    whole.bundles.map((bundle) => Object.keys(bundle.files)),
    [["a.sw.json", url]],
  );
});
