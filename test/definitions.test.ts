import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { DEFINITIONS } from "./support/deployment.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { readScripts } from "./support/scripts/read-scripts.ts";
import { runCase } from "./support/scripts/run-case.ts";
import { SERVICES_ORIGIN, Services } from "./support/scripts/services.ts";

/** How many scripts run at once. */
const SCRIPTS_AT_ONCE_MAX = 16;

const scripts = await readScripts(DEFINITIONS);
const services = await Services.listen(DEFINITIONS, scripts);
const folder = await mkdtemp(join(tmpdir(), "antiphon-definitions-"));
await copyFor(services.origin, folder);
after(async () => {
  await services[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const only = process.env["ONLY"];
const chosen = scripts.filter(({ name, folder: topic }) => only === undefined || `${topic}${name}`.match(only));
const env = { ...services.env, ANTIPHON_WORKFLOWS: folder };

await onEachDeployment("definitions", { workflows: folder, env }, (deployment) => {
  before(() => services.sendTo(deployment().url));

  describe("each runs as its script says", { concurrency: SCRIPTS_AT_ONCE_MAX }, () => {
    for (const script of chosen) {
      test(`${script.folder}${script.name}`, async (t) => {
        for (const one of script.cases) {
          await t.test(one.case, () => runCase(deployment().url, services, script, one));
        }
      });
    }
  });
});

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
