import { setTimeout as sleep } from "node:timers/promises";
import { openTopics } from "../topics/topics.ts";

/** How long the driver takes. */
const DRIVE_MS = 1_000;

interface PickupRequest {
  readonly parcel: string;
  readonly street: string;
}

/** A carrier: is asked on `pickup.requested`, drives there, and says on `pickup.done` that it has the parcel. */
export async function start(settings: {
  readonly antiphonUrl: string;
  readonly kafkaBrokers?: string | undefined;
}): Promise<AsyncDisposable> {
  const topics = await openTopics({ name: "carrier", ...settings });
  await topics.follow("pickup.requested", async (request) => {
    const { parcel, street } = request.data as PickupRequest;
    await sleep(DRIVE_MS);
    await topics.publish("pickup.done", {
      specversion: "1.0",
      // Asked twice for the same, it answers with the same id: the second answer is known to be one.
      id: `done-${request.id}`,
      source: "carrier",
      type: "pickup.done",
      // The instance that has asked: this is how its answer finds it.
      kogitoprocrefid: request["kogitoprocinstanceid"],
      data: { parcel, pickedUpAt: street, driver: "Ada" },
    });
  });
  return topics;
}

if (import.meta.main) {
  const { ANTIPHON_URL = "http://localhost:8080", KAFKA_BROKERS } = process.env;
  await start({ antiphonUrl: ANTIPHON_URL, kafkaBrokers: KAFKA_BROKERS });
  console.log("the carrier waits for pickup.requested");
}
