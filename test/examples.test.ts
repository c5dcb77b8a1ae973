import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as carrier from "../examples/callback-over-topics/service.ts";
import * as bank from "../examples/correlation/service.ts";
import * as agency from "../examples/openapi-callback/service.ts";
import { Client } from "./support/client.ts";
import { EXAMPLES } from "./support/deployment.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";

// It answers at the URL that it is given, so it need not know where Antiphon is.
const creditAgency = await agency.start({ antiphonUrl: "http://localhost:1", port: 0 });
after(() => creditAgency[Symbol.asyncDispose]());

const settings = {
  workflows: EXAMPLES,
  env: { ANTIPHON_SECRETS: "CREDIT_SERVICE_URL", CREDIT_SERVICE_URL: creditAgency.url },
};
await onEachDeployment("the examples", settings, (deployment) => {
  const services = new AsyncDisposableStack();
  before(async () => {
    const { url: antiphonUrl, kafkaBrokers } = deployment();
    services.use(await carrier.start({ antiphonUrl, kafkaBrokers }));
    services.use(await bank.start({ antiphonUrl, kafkaBrokers }));
  });
  after(() => services.disposeAsync());

  test("openapi-callback: a service answers later at the URL that its request brought", async () => {
    const client = new Client(deployment().url);
    const id = await client.start("credit-check", { customer: "Mara", amount: 900 });
    const { status, data } = await client.ended(id);
    const check = `${id}:1.1`;
    const result = { customer: "Mara", amount: 900, check, score: 731, decision: "granted" };
    assert.deepEqual({ status, data }, { status: "completed", data: result });

    const declined = await client.ended(await client.start("credit-check", { customer: "Mara", amount: 90_000 }));
    assert.equal((declined.data as { decision: string }).decision, "declined");
  });

  test("callback-over-topics: a service answers on a topic with the instance's id", async () => {
    const client = new Client(deployment().url);
    const { status, data } = await client.ended(
      await client.start("pickup", { parcel: "P-7", street: "Elm Street 3" }),
    );
    const pickup = { parcel: "P-7", pickedUpAt: "Elm Street 3", driver: "Ada" };
    assert.deepEqual(
      { status, data },
      { status: "completed", data: { parcel: "P-7", street: "Elm Street 3", pickup } },
    );
  });

  test("correlation: a service that knows nothing of workflows answers with the order", async () => {
    const client = new Client(deployment().url);
    const { status, data } = await client.ended(await client.start("payment", { orderid: "4711", amount: 12.5 }));
    const payment = { amount: 12.5, reference: "B-4711" };
    assert.deepEqual({ status, data }, { status: "completed", data: { orderid: "4711", amount: 12.5, payment } });
  });
});
