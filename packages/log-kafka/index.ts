export { kafkaLog } from "./kafka-log.ts";
export type { GroupTimes, KafkaLogger, KafkaLogOptions } from "./options.ts";
