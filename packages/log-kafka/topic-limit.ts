import kafkajs, { type Kafka } from "kafkajs";

const SETTING = "max.message.bytes";

/** How many bytes a batch may have in a topic, which others may have made; asked for when one was refused. */
export async function batchBytesMax(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [SETTING] };
    const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
    const setting = resources[0]?.configEntries.find(({ configName }) => configName === SETTING);
    if (setting === undefined) throw new Error(`expected topic "${topic}" to have a setting ${SETTING}, found none`);
    return Number(setting.configValue);
  } finally {
    await admin.disconnect();
  }
}
