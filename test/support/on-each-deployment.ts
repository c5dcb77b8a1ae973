import { after, afterEach, before, describe } from "node:test";
import { type Deployment, type DeploymentKind, type DeploymentSettings, startDeployment } from "./deployment.ts";
import { skipWithoutBroker } from "./kafka-broker.ts";
import { skipWithoutRedis } from "./redis-server.ts";

/** Runs tests on each kind of deployment, one of its own for all of them. What its processes said is shown if one fails. */
export async function onEachDeployment(
  title: string,
  settings: DeploymentSettings | (() => Promise<DeploymentSettings>),
  tests: (deployment: () => Deployment, kind: DeploymentKind) => void,
): Promise<void> {
  await onDeployment("embedded", title, settings, tests);
  await onDeployment("kafka", title, settings, tests);
}

/** Runs tests on one kind of deployment. */
export async function onDeployment(
  kind: DeploymentKind,
  title: string,
  settings: DeploymentSettings | (() => Promise<DeploymentSettings>),
  tests: (deployment: () => Deployment, kind: DeploymentKind) => void,
): Promise<void> {
  const skip = kind === "kafka" ? (await skipWithoutBroker()) || ((await skipWithoutRedis()) ?? false) : false;
  describe(`${title}, ${WORDS[kind]}`, { skip }, () => {
    if (skip) {
      tests(neverStarted, kind);
      return;
    }
    let deployment: Deployment | undefined;
    before(async () => {
      deployment = await startDeployment(kind, typeof settings === "function" ? await settings() : settings);
    });
    afterEach((test) => {
      if ("passed" in test && !test.passed) console.error(deployment?.logs());
    });
    tests(() => deployment ?? neverStarted(), kind);
    // Behind those of the tests, whose services may have to take leave of it.
    after(() => deployment?.[Symbol.asyncDispose]());
  });
}

const WORDS = { embedded: "all in one process", kafka: "each service in its own process on Kafka and Redis" } as const;

function neverStarted(): never {
  throw new Error("expected a deployment that has started, found none");
}
