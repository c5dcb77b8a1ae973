import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client } from "../support/client.ts";
import { readScripts } from "../support/scripts/read-scripts.ts";
import { runCase } from "../support/scripts/run-case.ts";
import { Services } from "../support/scripts/services.ts";
import { waitUntil } from "../support/wait-until.ts";
import { BreakingService } from "./breaking-service.ts";
import { type RunningProject, resourcesOf, startProject } from "./project.ts";
import { readTopic } from "./read-topic.ts";

/** How many scripts run at once. */
const SCRIPTS_AT_ONCE_MAX = 4;
const PROJECT = "project";

const scripts = await readScripts(resourcesOf(PROJECT), `${import.meta.dirname}/scripts`);
const only = process.env["ONLY"];

describe("a project of SonataFlow, as it is", () => {
  const stack = new AsyncDisposableStack();
  let services: Services;
  let project: RunningProject;
  let client: Client;

  before(async () => {
    services = stack.use(await Services.listen(resourcesOf(PROJECT), scripts));
    const breaking = stack.use(await BreakingService.listen());
    const { ANTIPHON_SINK: sink = "" } = services.env;
    const env = {
      ANTIPHON_SECRETS: "SERVICES_URL,BREAKING_URL",
      SERVICES_URL: services.origin,
      BREAKING_URL: breaking.url,
      K_SINK: sink,
    };
    project = stack.use(await startProject(PROJECT, env));
    client = new Client(project.url);
    services.sendTo(project.url);
  });
  after(() => stack.disposeAsync());

  describe("each workflow does what it did", { concurrency: SCRIPTS_AT_ONCE_MAX }, () => {
    for (const script of scripts.filter(({ name }) => only === undefined || name.match(only))) {
      test(script.name, async (t) => {
        for (const one of script.cases) await t.test(one.case, () => runCase(project.url, services, script, one));
      });
    }
  });

  test("hidden files are no workflows", async () => {
    assert.equal((await client.send("POST", "/draft", {})).status, 404);
  });

  test("data that its schema does not allow starts nothing, and the answer has no id", async () => {
    const { status, body } = await client.send("POST", "/division", { numbers: 3 });
    const { message, id } = body as { message: string; id?: string };
    const told = "There are JsonSchema validation errors:\n/numbers must be object";
    assert.deepEqual({ status, message, id }, { status: 400, message: told, id: undefined });
  });

  test("texts that are no expressions are logged as they are, and others as what they yield", async () => {
    const id = await client.start("logging", {});
    const logged = await waitUntil("the log of the instance", () => {
      const lines = project.service.lines().filter(({ instance }) => instance === id);
      return lines.length >= LOGGED.length ? lines.map(({ msg }) => msg) : undefined;
    });
    assert.deepEqual(logged, LOGGED);
  });

  test("a browser is shown a page", async () => {
    const { status, headers, text } = await client.send("GET", "/logging", undefined, { accept: "text/html" });
    assert.deepEqual([status, headers.get("content-type")], [200, "text/html; charset=utf-8"]);
    assert.match(text, /<h1>logging<\/h1>/);
  });

  test("a start answers with the place of its instance", async () => {
    const { status, headers, body } = await client.send("POST", "/logging", {});
    const { id } = body as { id: string };
    assert.deepEqual([status, headers.get("location")], [201, `${project.url}/logging/${id}`]);
  });

  test("every workflow is in the OpenAPI document, with its names of operations and its schemas", async () => {
    const { body } = await client.send("GET", "/q/openapi", undefined, { accept: "application/json" });
    const { paths, components } = body as {
      paths: Record<string, Record<string, { operationId: string; tags: readonly string[] }>>;
      components: { schemas: Record<string, { title?: string }> };
    };
    const { post, get } = paths["/division"] ?? {};
    assert.deepEqual(
      [post, get].map((operation) => [operation?.operationId, operation?.tags]),
      [
        ["createProcessInstance_division", ["Process - division"]],
        ["getAllProcessInstances_division", ["Process - division"]],
      ],
    );
    const titles = Object.values(components.schemas).map(({ title }) => title);
    const expected = ["Fahrenheit to Celsius Input", "Fahrenheit to Celsius Output"];
    assert.deepEqual(
      titles.filter((title) => title?.startsWith("Fahrenheit")),
      expected,
    );
  });

  test("each definition is announced once to the data index", async () => {
    const ids = scripts.flatMap(({ workflows }) => workflows).toSorted();
    const events = await readTopic(project.url, "kogito-processdefinitions-events", ids.length);
    assert.deepEqual(
      events.map(({ type, source, data }) => [type, source, (data as { id: string }).id]).toSorted(),
      ids.map((id) => ["ProcessDefinitionEvent", `/${id}`, id]).toSorted(),
    );
  });
});

const LOGGED = [
  "",
  "logging minero",
  "Viva er Beti",
  "My name is Says many things",
  "logging a ${ .b } c",
  "kserve_payload = to_kserve(image)",
  "logging a path",
  "logging one key",
];
