import assert from "node:assert/strict";
import { test } from "node:test";
import { contentHash } from "@antiphon/host/definitions";
import { topics } from "@antiphon/protocol";
import { startMachine } from "../testing/start-machine.ts";
import { BY_EVENT, CALLBACK, GREET, STEPS } from "../testing/workflows.ts";

const GREET_YAML = `
id: greet
version: "2"
start: greet
states:
  - { name: greet, type: inject, data: { greeting: "good day" }, end: true }
`;

test("a workflow that is put can be started at once, and a later version takes its place", async () => {
  await using machine = await startMachine();
  const put = await machine.app.inject({ method: "PUT", url: "/v1/definitions/greet", payload: GREET });
  const { hash, deployed, ...rest } = put.json();
  assert.deepEqual(
    [put.statusCode, rest],
    [201, { id: "greet", name: "greet", version: "1.0", current: true, startedBy: "request", status: "deployed" }],
  );
  assert.deepEqual(
    [hash, new Date(deployed).toISOString()],
    [machine.ports.definitions.current("greet")?.hash, deployed],
  );
  const first = await machine.app.inject({ method: "POST", url: "/greet" });
  assert.deepEqual(first.json().workflowdata, { greeting: "hello" });

  const again = await machine.app.inject({ method: "PUT", url: "/v1/definitions/greet", payload: GREET_YAML });
  assert.deepEqual([again.statusCode, again.json().status, again.json().version], [200, "deployed", "2"]);
  const second = await machine.app.inject({ method: "POST", url: "/greet" });
  assert.deepEqual(second.json().workflowdata, { greeting: "good day" });

  const same = await machine.app.inject({ method: "PUT", url: "/v1/definitions/greet", payload: GREET_YAML });
  assert.deepEqual([same.statusCode, same.json().status], [200, "unchanged"]);
});

test("a workflow may be put before the ones that it names, which is said where they stand and in the log", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const parent = JSON.stringify({
    id: "parent",
    version: "1.0",
    start: "a",
    states: [
      {
        name: "a",
        type: "operation",
        actions: [{ subFlowRef: "gret" }, { subFlowRef: "greet" }, { subFlowRef: "parent" }],
        end: { continueAs: "elsewhere" },
      },
    ],
  });
  for (const query of ["?dryRun=true", ""]) {
    const put = await machine.app.inject({ method: "PUT", url: `/v1/definitions/parent${query}`, payload: parent });
    const notes = put.json().notes.map(({ pointer, found, suggestion }: Record<string, string>) => {
      return [pointer, found, suggestion];
    });
    assert.deepEqual(notes, [
      ["/states/0/actions/0/subFlowRef", '"gret"', "greet"],
      ["/states/0/end/continueAs", '"elsewhere"', undefined],
    ]);
  }
  assert.equal(machine.complaints.length, 2);
  assert.match(machine.complaints[0] ?? "", /subFlowRef: expected the id of a workflow that is deployed/);
});

test("a bundle brings the files that its workflow refers to, and its channels work at once", async () => {
  await using machine = await startMachine();
  const payload = { path: "callback.sw.json", files: CALLBACK };
  const put = await machine.app.inject({ method: "PUT", url: "/v1/definitions/callback", payload });
  assert.equal(put.statusCode, 201);
  const instance = (await machine.app.inject({ method: "POST", url: "/callback" })).json().id;
  const event = { specversion: "1.0", id: "e1", source: "/s", type: "wait", kogitoprocrefid: instance };
  const taken = await machine.app.inject({ method: "POST", url: "/wait", payload: event });
  assert.equal(taken.json().disposition, "resolved");
  const shown = (await machine.app.inject({ url: "/v1/definitions/callback" })).json();
  const document = { "callback.sw.json": CALLBACK["callback.sw.json"] };
  assert.deepEqual([shown.path, shown.files, shown.versions.length], ["callback.sw.json", document, 1]);
});

test("topics of a definition's events exist once it is deployed", async () => {
  await using machine = await startMachine();
  await machine.app.inject({ method: "PUT", url: "/v1/definitions/by-event", payload: BY_EVENT });
  assert.equal(await machine.ports.log.partitions("order.placed"), 2);
});

test("a definition with mistakes is refused with all of them, and where they are", async () => {
  await using machine = await startMachine();
  const wrong = JSON.stringify({
    id: "greet",
    start: "gret",
    states: [{ name: "greet", type: "inject", data: {}, transition: "nowhere" }],
  });
  const { statusCode, payload } = await machine.app.inject({
    method: "PUT",
    url: "/v1/definitions/greet",
    payload: wrong,
  });
  const { title, problems } = JSON.parse(payload);
  assert.deepEqual(
    [statusCode, title, problems.map(({ file, pointer }: { file: string; pointer: string }) => [file, pointer])],
    [
      422,
      "Invalid definition",
      [
        ["greet.sw.json", "/start"],
        ["greet.sw.json", "/states/0/transition"],
      ],
    ],
  );
  assert.equal(machine.ports.definitions.current("greet"), undefined);
});

test("a workflow is put under its own id alone", async () => {
  await using machine = await startMachine();
  const { statusCode, payload } = await machine.app.inject({
    method: "PUT",
    url: "/v1/definitions/other",
    payload: GREET,
  });
  const detail = `the workflow's id: expected "other", as in the path, found "greet"`;
  assert.deepEqual([statusCode, JSON.parse(payload).detail], [400, detail]);
});

test("a bundle whose workflow is not among its files is refused", async () => {
  await using machine = await startMachine();
  const payload = { path: "b.sw.json", files: { "a.sw.json": GREET } };
  const put = await machine.app.inject({ method: "PUT", url: "/v1/definitions/greet", payload });
  assert.deepEqual(
    [put.statusCode, put.json().detail],
    [400, 'member path: expected one of a.sw.json, found "b.sw.json"'],
  );
});

test("a workflow that is taken away starts no more, and its instances go on", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const { id } = (await machine.app.inject({ method: "POST", url: "/callback" })).json();
  const gone = await machine.app.inject({ method: "DELETE", url: "/v1/definitions/callback" });
  assert.deepEqual([gone.statusCode, gone.json().status], [200, "retired"]);
  assert.equal((await machine.app.inject({ method: "POST", url: "/callback" })).statusCode, 404);
  assert.equal((await machine.app.inject({ url: `/callback/${id}` })).statusCode, 200);
  assert.deepEqual((await machine.app.inject({ url: "/v1/definitions" })).json(), { definitions: [] });
  assert.equal((await machine.app.inject({ method: "DELETE", url: "/v1/definitions/callback" })).statusCode, 404);
});

test("a document can be tried without deploying it", async () => {
  await using machine = await startMachine();
  const url = "/v1/definitions/greet?dryRun=true";
  const tried = await machine.app.inject({ method: "PUT", url, payload: GREET_YAML });
  const { hash, ...rest } = tried.json();
  assert.deepEqual(
    [tried.statusCode, rest],
    [200, { id: "greet", name: "greet", version: "2", startedBy: "request", status: "valid" }],
  );
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.deepEqual((await machine.app.inject({ url: "/v1/definitions" })).json(), { definitions: [] });
  const deployed = await machine.app.inject({ method: "PUT", url: "/v1/definitions/greet", payload: GREET_YAML });
  assert.equal(deployed.json().hash, hash);
  const wrong = await machine.app.inject({ method: "PUT", url, payload: '{"id":"greet"}' });
  assert.deepEqual([wrong.statusCode, wrong.json().title], [422, "Invalid definition"]);
});

test("each version's document can be had as it was deployed, by its version or its hash", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const first = machine.ports.definitions.current("greet")?.hash;
  await machine.app.inject({ method: "PUT", url: "/v1/definitions/greet", payload: GREET_YAML });
  const source = async (query: string) => {
    const { statusCode, headers, payload } = await machine.app.inject({ url: `/v1/definitions/greet/source${query}` });
    return [statusCode, headers["content-type"], payload];
  };
  const [json, yaml] = ["application/json; charset=utf-8", "application/yaml; charset=utf-8"];
  assert.deepEqual(await source(""), [200, yaml, GREET_YAML]);
  assert.deepEqual(await source("?version=1.0"), [200, json, GREET]);
  assert.deepEqual(await source(`?version=${first}`), [200, json, GREET]);
  const missing = await machine.app.inject({ url: "/v1/definitions/greet/source?version=3" });
  const detail = 'version: expected one of 1.0, 2, or a hash, found "3"';
  assert.deepEqual(
    [missing.statusCode, missing.json()],
    [
      404,
      {
        type: "urn:antiphon:problem:no-such-version",
        title: "No such version",
        status: 404,
        detail,
        versions: ["1.0", "2"],
      },
    ],
  );
  const { versions } = (await machine.app.inject({ url: "/v1/definitions/greet/versions" })).json();
  assert.deepEqual(
    versions.map(({ version, current }: { version: string; current: boolean }) => [version, current]),
    [
      ["1.0", false],
      ["2", true],
    ],
  );
  assert.equal((await machine.app.inject({ url: "/v1/definitions/other/versions" })).statusCode, 404);
});

test("an instance stays on the version that it began with", async () => {
  await using machine = await startMachine({ workflows: [STEPS] });
  const { id } = (await machine.app.inject({ method: "POST", url: "/steps" })).json();
  const later = STEPS.replace('"after":true', '"after":"later"').replace('"version":"3"', '"version":"4"');
  const put = await machine.app.inject({ method: "PUT", url: "/v1/definitions/steps", payload: later });
  assert.deepEqual([put.statusCode, put.json().version], [200, "4"]);
  const moved = await machine.app.inject({
    method: "POST",
    url: `/management/processes/steps/instances/${id}/nodes/after`,
  });
  assert.deepEqual(moved.json(), { id, workflowdata: { after: true } });
});

test("configuration is never handed out, and stays when a document comes without it", async () => {
  await using machine = await startMachine();
  const files = {
    ...CALLBACK,
    "application.properties": `${CALLBACK["application.properties"]}\nshop.password=hunter2`,
  };
  const put = (payload: object | string) =>
    machine.app.inject({ method: "PUT", url: "/v1/definitions/callback", payload });
  assert.equal((await put({ path: "callback.sw.json", files })).json().status, "deployed");
  const { definitions } = machine.ports;
  for (const url of ["/v1/definitions/callback", "/v1/definitions/callback/source", "/v1/definitions"]) {
    const shown = await machine.app.inject({ url });
    assert.deepEqual([shown.statusCode, shown.payload.includes("hunter2")], [200, false], url);
  }
  const later = JSON.stringify({ ...JSON.parse(CALLBACK["callback.sw.json"]), version: "2" });
  assert.equal((await put(later)).json().version, "2");
  assert.deepEqual(
    definitions.all().map(({ definition }) => definition.properties["shop.password"]),
    ["hunter2", "hunter2"],
  );
  const again = await put({
    path: "callback.sw.json",
    files: { "callback.sw.json": later, "application.properties": "shop.password=swordfish" },
  });
  assert.deepEqual([again.json().status, again.json().version], ["reconfigured", "2"]);
  assert.deepEqual(
    definitions.all().map(({ definition }) => definition.properties["shop.password"]),
    ["swordfish", "swordfish"],
  );
});

test("a definition that would read or write the machine's topics is refused, and one that was deployed before is run", async () => {
  await using machine = await startMachine();
  const files = { ...CALLBACK, "application.properties": "mp.messaging.incoming.wait.topic=antiphon.commands" };
  const bundle = { path: "callback.sw.json", files };
  const put = await machine.app.inject({ method: "PUT", url: "/v1/definitions/callback", payload: bundle });
  assert.equal(put.statusCode, 422);
  assert.match(put.json().detail, /a topic that is not one of Antiphon's own as "mp.messaging.incoming.wait.topic"/);
  const { log, definitions } = machine.ports;
  const record = { type: "deployed", hash: contentHash(bundle), id: "callback", version: "1.0" };
  const value = JSON.stringify({
    ...record,
    bundle: { path: bundle.path, files: { "callback.sw.json": CALLBACK["callback.sw.json"] } },
    configuration: { "application.properties": files["application.properties"] },
  });
  await log.publish([{ topic: topics.definitions, partition: 0, key: "callback", value }]);
  await definitions.get(record.hash);
  assert.equal((await machine.app.inject({ method: "POST", url: "/callback" })).statusCode, 201);
});

test("what is sent as JSON is read as JSON, and not as YAML, which would take its mistakes", async () => {
  await using machine = await startMachine();
  const put = (type: string) =>
    machine.app.inject({
      method: "PUT",
      url: "/v1/definitions/greet?dryRun=true",
      payload: `${GREET.slice(0, -1)},}`,
      headers: { "content-type": type },
    });
  const refused = await put("application/json; charset=utf-8");
  assert.deepEqual([refused.statusCode, refused.json().problems[0].file], [422, "greet.sw.json"]);
  assert.equal((await put("application/yaml")).statusCode, 200);
});

test("a workflow whose id has a blank is deployed, started, listed and managed under it", async () => {
  await using machine = await startMachine();
  const { app } = machine;
  const payload = STEPS.replace('"id":"steps"', '"id":"Switch tést"');
  assert.equal(
    (await app.inject({ method: "PUT", url: "/v1/definitions/Switch%20t%C3%A9st", payload })).statusCode,
    201,
  );
  const started = await app.inject({ method: "POST", url: "/Switch%20t%C3%A9st" });
  const { id } = started.json();
  assert.deepEqual([started.statusCode, started.headers.location?.endsWith(`/Switch%20t%C3%A9st/${id}`)], [201, true]);
  const at = `/management/processes/Switch%20t%C3%A9st`;
  for (const url of [
    `/Switch%20t%C3%A9st/${id}`,
    at,
    `${at}/nodes`,
    "/v1/definitions/Switch%20t%C3%A9st",
    "/q/openapi",
    "/q/metrics",
  ]) {
    assert.equal((await app.inject({ url })).statusCode, 200, url);
  }
});

test("a workflow of the folder that could not be deployed is listed, and who starts it is told why", async () => {
  await using machine = await startMachine({ workflows: [GREET] });
  const problem = { file: "w.sw.json", line: 1, column: 2, pointer: "/start", expected: "a state", found: "nothing" };
  machine.ports.definitions.refuse({ id: "wrong", file: "w.sw.json", problems: [problem] });
  const listed = await machine.app.inject({ url: "/v1/definitions" });
  assert.deepEqual(listed.json().refused, [{ id: "wrong", file: "w.sw.json", problems: [problem] }]);
  const started = await machine.app.inject({ method: "POST", url: "/wrong" });
  assert.deepEqual([started.statusCode, started.json().problems], [404, [problem]]);
  assert.match(
    started.json().detail,
    /in w\.sw\.json cannot be used:\nw\.sw\.json:1:2 \/start: expected a state, found nothing$/,
  );
});
