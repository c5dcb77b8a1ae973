import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client } from "./support/client.ts";
import { DEFINITIONS, type DeploymentSettings } from "./support/deployment.ts";
import { mutations } from "./support/mutations.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { readScripts } from "./support/scripts/read-scripts.ts";
import { runCase } from "./support/scripts/run-case.ts";
import { SERVICES_ORIGIN, Services } from "./support/scripts/services.ts";
import { within } from "./support/within.ts";

/** How many scripts run at once. */
const SCRIPTS_AT_ONCE_MAX = 16;
const MUTATIONS = 100;
/** Another seed gives other mutations. */
const SEED = Number(process.env["SEED"] ?? 1);
/** How long the server may think about one document. */
const DEPLOY_MS_MAX = 15_000;

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

  test(`documents mutated at random are refused with a place, or run, and the server lives on (SEED=${SEED})`, async () => {
    const client = new Client(deployment().url);
    const outcomes = { refused: 0, deployed: 0 };
    for (const { id, what, bundle } of await mutations(staged().folder, MUTATIONS, SEED)) {
      const answer = client.send("PUT", `/v1/definitions/${id}`, bundle);
      const { status, text, body } = await within(DEPLOY_MS_MAX, `an answer about ${what}`, answer);
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
