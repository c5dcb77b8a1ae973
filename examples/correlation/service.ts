import { setTimeout as sleep } from "node:timers/promises";
import { openTopics } from "../topics/topics.ts";

/** How long the bank takes. */
const BOOKING_MS = 1_000;

interface PaymentRequest {
  readonly orderid: string;
  readonly amount: number;
}

/** A bank: knows orders. Whatever asked for the payment on `payment.requested` may be listening on `payment.settled`. */
export async function start(settings: {
  readonly antiphonUrl: string;
  readonly kafkaBrokers?: string | undefined;
}): Promise<AsyncDisposable> {
  const topics = await openTopics({ name: "bank", ...settings });
  await topics.follow("payment.requested", async (request) => {
    const { orderid, amount } = request.data as PaymentRequest;
    await sleep(BOOKING_MS);
    await topics.publish("payment.settled", {
      specversion: "1.0",
      id: `settled-${orderid}`,
      source: "bank",
      type: "payment.settled",
      orderid,
      data: { amount, reference: `B-${orderid}` },
    });
  });
  return topics;
}

if (import.meta.main) {
  const { ANTIPHON_URL = "http://localhost:8080", KAFKA_BROKERS } = process.env;
  await start({ antiphonUrl: ANTIPHON_URL, kafkaBrokers: KAFKA_BROKERS });
  console.log("the bank waits for payment.requested");
}
