import { after, before, test } from "node:test";
import { AskedService } from "./support/asked-service.ts";
import { Client } from "./support/client.ts";
import { type DeploymentKind, TEST_DEFINITIONS } from "./support/deployment.ts";
import { answerAll, assertUndisturbed, questionsOf, startMany } from "./support/many-instances.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { runName, runs } from "./support/repeat.ts";

const INSTANCES = 50;
const SERVICES: Readonly<Record<DeploymentKind, readonly string[]>> = {
  embedded: ["standalone"],
  kafka: ["gateway", "orchestrator", "dispatcher", "correlator", "projector"],
};
/** Those that answer requests to start. */
const ANSWERING = ["standalone", "gateway"];

const service = await AskedService.listen();
after(() => service[Symbol.asyncDispose]());

await onEachDeployment("crashes", { workflows: TEST_DEFINITIONS, env: service.env }, (deployment, kind) => {
  let client: Client;
  before(async () => {
    client = new Client(deployment().url);
    await service.follow(deployment());
  });
  after(() => service.unfollow());

  for (const run of runs()) {
    for (const name of SERVICES[kind]) {
      test(`the ${name} is killed while ${INSTANCES} instances ask, and while they are answered${runName(run)}`, async () => {
        const first = await startMany(client, INSTANCES / 2);
        const others = startMany(client, INSTANCES / 2);
        // Whoever is asked to start an instance while the gateway dies cannot know whether it did.
        if (ANSWERING.includes(name)) await others;
        await deployment().kill(name);
        await deployment().restart(name);
        const started = [...first, ...(await others)];
        const asked = await questionsOf(service, started);
        const half = Math.floor(asked.length / 2);
        await answerAll(service, asked.slice(0, half));
        const answering = answerAll(service, asked.slice(half));
        await deployment().kill(name);
        await deployment().restart(name);
        await answering;
        await assertUndisturbed(client, service, started);
      });
    }
  }
});
