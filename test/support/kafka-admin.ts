import { type Admin, Kafka, logLevel } from "kafkajs";

/** Does what an administrator may do behind the machine's back. */
export async function administer(
  brokers: readonly string[],
  change: (admin: Admin) => Promise<unknown>,
): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await change(admin);
  } finally {
    await admin.disconnect();
  }
}
