import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Bundle, readDefinition } from "@antiphon/definition";
import type { InstanceEvent } from "@antiphon/protocol";
import { Client } from "./support/client.ts";
import { DEFINITIONS, type DeploymentSettings } from "./support/deployment.ts";
import { mutations } from "./support/mutations.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { PassedOver } from "./support/scripts/passed-over.ts";
import { readScripts } from "./support/scripts/read-scripts.ts";
import { runCase } from "./support/scripts/run-case.ts";
import { SERVICES_ORIGIN, Services } from "./support/scripts/services.ts";
import { WAIT_MS_MAX } from "./support/wait-until.ts";
import { within } from "./support/within.ts";

/** How many scripts run at once. */
const SCRIPTS_AT_ONCE_MAX = 16;
/** How many instances of a workflow are compared with its definition, the newest. */
const COMPARED_MAX = 100;
/** What there is to find of what definitions name, at least one of each. */
const COMPARED = [
  ...["http", "openapi", "knative", "odata", "graphql", "rpc"].flatMap((kind) => [kind, `${kind}, sent`]),
  ...["event, data", "event, contextAttributes"].flatMap((kind) => [kind, `${kind}, sent`]),
  ...["module", "sysout", "inject", "continueAs"],
];
/** What is passed over all the same, and why. */
const PASSED_OVER: Readonly<Record<string, string>> = {
  "any-request Ask/2: arguments.ignored was not sent": "a GET has no body; a note says so at deployment",
  "typed-prices Ask/2: arguments.place was not sent":
    "its operation declares neither a parameter of the name nor a body",
  "order-defaults Fill in: inject.note": "null leaves an object as it is, by SonataFlow's rules of merging",
};
const MUTATIONS = 100;
/** Another seed gives other mutations. */
const SEED = Number(process.env["SEED"] ?? 1);

const scripts = await readScripts(DEFINITIONS);
const only = process.env["ONLY"];
const chosen = scripts.filter(({ name, folder: topic }) => only === undefined || `${topic}${name}`.match(only));

/** What one deployment runs, and what its services are. */
interface Stage extends AsyncDisposable {
  readonly folder: string;
  readonly services: Services;
}

let stage: Stage | undefined;

await onEachDeployment("definitions", settings, (deployment) => {
  before(() => staged().services.sendTo(deployment().url));
  after(() => stage?.[Symbol.asyncDispose]());

  describe("each runs as its script says", { concurrency: SCRIPTS_AT_ONCE_MAX }, () => {
    for (const script of chosen) {
      test(`${script.folder}${script.name}`, async (t) => {
        for (const one of script.cases) {
          await t.test(one.case, () => runCase(deployment().url, staged().services, script, one));
        }
      });
    }
  });

  test("nothing that a definition names is passed over", async (t) => {
    const client = new Client(deployment().url);
    const { received, env } = staged().services;
    const passedOver = new PassedOver(received);
    for (const workflow of new Set(chosen.flatMap(({ workflows }) => workflows))) {
      const { path, files } = (await client.send("GET", `/v1/definitions/${workflow}`)).body as Bundle;
      const { definition, problems } = readDefinition({ path, files }, env);
      assert.ok(definition !== undefined, JSON.stringify(problems));
      const listed = await client.send("GET", `/v1/instances?workflow=${workflow}&limit=${COMPARED_MAX}`);
      for (const { id } of (listed.body as { items: readonly { id: string }[] }).items) {
        passedOver.compare(definition, id, (await client.history(id)) as unknown as readonly InstanceEvent[]);
      }
    }
    t.diagnostic(JSON.stringify(Object.fromEntries(passedOver.found)));
    const expected = Object.keys(PASSED_OVER).filter((place) =>
      chosen.some(({ name }) => place.startsWith(`${name} `)),
    );
    assert.deepEqual(passedOver.list(), expected.toSorted());
    if (only !== undefined) return;
    for (const kind of COMPARED) assert.ok(passedOver.found.has(kind), `expected something to compare of ${kind}`);
  });

  test(`documents mutated at random are refused with a place, or run, and the server lives on (SEED=${SEED})`, async () => {
    const client = new Client(deployment().url);
    const outcomes = { refused: 0, deployed: 0 };
    for (const { id, what, bundle } of await mutations(staged().folder, MUTATIONS, SEED)) {
      const answer = client.send("PUT", `/v1/definitions/${id}`, bundle);
      const { status, text, body } = await within(WAIT_MS_MAX, `an answer about ${what}`, answer);
      if (status === 422) {
        const { problems } = body as { problems: readonly Readonly<Record<string, unknown>>[] };
        assert.ok(problems.length > 0 && problems.every(hasPlace), `${what}: ${text}`);
        outcomes.refused += 1;
      } else {
        assert.equal(status, 201, `${what}: ${text}`);
        outcomes.deployed += 1;
        const started = await client.send("POST", `/${id}`, {}, { prefer: "respond-async" });
        assert.ok([202, 400, 405].includes(started.status), `${what}: ${started.status} ${started.text}`);
      }
    }
    assert.ok(outcomes.refused > 0 && outcomes.deployed > 0, JSON.stringify(outcomes));
    assert.equal((await client.send("GET", "/q/health/ready")).status, 200);
    const started = await client.send("POST", "/age-check", { age: 40 });
    assert.deepEqual(
      [started.status, (started.body as { workflowdata: unknown }).workflowdata],
      [201, { age: 40, admitted: true }],
    );
  });
});

async function settings(): Promise<DeploymentSettings> {
  const services = await Services.listen(DEFINITIONS, scripts);
  const folder = await mkdtemp(join(tmpdir(), "antiphon-definitions-"));
  await copyFor(services.origin, folder);
  stage = {
    folder,
    services,
    async [Symbol.asyncDispose]() {
      await services[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return { workflows: folder, env: { ...services.env, ANTIPHON_WORKFLOWS: folder } };
}

function staged(): Stage {
  if (stage === undefined) throw new Error("expected the definitions to be deployed");
  return stage;
}

/** Whether a problem says where it is, what was expected and what was found. */
function hasPlace({ file, line, column, pointer, expected, found }: Readonly<Record<string, unknown>>): boolean {
  const texts = [file, expected, found].every((text) => typeof text === "string" && text !== "");
  return texts && typeof pointer === "string" && Number(line) >= 1 && Number(column) >= 1;
}

/** Copies the definitions to a folder in which the services have their real place. */
async function copyFor(origin: string, to: string): Promise<void> {
  await cp(DEFINITIONS, to, { recursive: true, filter: (path) => !/\.test\.ya?ml$/.test(path) });
  for (const path of await readdir(to, { recursive: true, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const file = join(path.parentPath, path.name);
    const text = await readFile(file, "utf8");
    if (text.includes(SERVICES_ORIGIN)) await writeFile(file, text.replaceAll(SERVICES_ORIGIN, origin));
  }
}
