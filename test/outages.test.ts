import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { AskedService } from "./support/asked-service.ts";
import { Client } from "./support/client.ts";
import { type Deployment, TEST_DEFINITIONS } from "./support/deployment.ts";
import { answerAll, assertUndisturbed, questionsOf, startMany } from "./support/many-instances.ts";
import { onDeployment, onEachDeployment } from "./support/on-each-deployment.ts";
import { runName, runs } from "./support/repeat.ts";

const PARKED = 200;
const IN_FLIGHT = 50;
const OUTAGE_MS = 10_000;

const service = await AskedService.listen();
after(() => service[Symbol.asyncDispose]());
const settings = { workflows: TEST_DEFINITIONS, env: service.env };

await onEachDeployment("a lost store", settings, (deployment) => {
  const client = follow(deployment);

  for (const run of runs()) {
    test(`the store loses everything while ${PARKED} instances wait${runName(run)}`, async () => {
      const started = await startMany(client(), PARKED);
      const asked = await questionsOf(service, started);
      await deployment().loseStore();
      await answerAll(service, asked);
      await assertUndisturbed(client(), service, started);
    });

    test(`the store loses everything while ${IN_FLIGHT} instances are being answered${runName(run)}`, async () => {
      const started = await startMany(client(), IN_FLIGHT);
      const asked = await questionsOf(service, started);
      const answering = answerAll(service, asked);
      await deployment().loseStore();
      await answering;
      await assertUndisturbed(client(), service, started);
    });
  }
});

await onDeployment("kafka", "outages", settings, (deployment) => {
  const client = follow(deployment);

  for (const run of runs()) {
    test(`Redis is away for ${OUTAGE_MS / 1_000} s, and comes back empty${runName(run)}`, async (context) => {
      const control = deployment().redis?.control;
      if (control === undefined) return context.skip("the Redis of REDIS_URL is not ours to stop");
      const started = await startMany(client(), IN_FLIGHT);
      const asked = await questionsOf(service, started);
      await control.stop();
      const answering = answerAll(service, asked);
      await sleep(OUTAGE_MS);
      await control.start();
      await answering;
      await assertUndisturbed(client(), service, started);
    });

    test(`the broker is restarted while instances are being answered${runName(run)}`, async (context) => {
      const broker = deployment().broker;
      if (!broker?.ours) return context.skip("the broker of KAFKA_BROKERS is not ours to restart");
      const started = await startMany(client(), IN_FLIGHT);
      const asked = await questionsOf(service, started);
      const answering = answerAll(service, asked);
      await broker.restart();
      await answering;
      await assertUndisturbed(client(), service, started);
    });
  }
});

/** Lets the service listen to the deployment for as long as its tests run; gives a client of it. */
function follow(deployment: () => Deployment): () => Client {
  before(() => service.follow(deployment()));
  after(() => service.unfollow());
  return () => new Client(deployment().url);
}
