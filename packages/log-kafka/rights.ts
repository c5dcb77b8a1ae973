import { KafkaJSAggregateError, refusalOf } from "./failures.ts";

/** What Kafka says to somebody who may not do what it was asked for. */
const REFUSED = new Set(["TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"]);

/** Waits for what needs a right on topics; where Kafka refuses it, throws an Error that names the right and the topics. */
export async function withRight<T>(right: string, topics: readonly string[], request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    const reasons = error instanceof KafkaJSAggregateError ? error.errors : [error];
    const refusal = reasons.map(refusalOf).find((reason) => reason !== undefined && REFUSED.has(reason));
    if (refusal === undefined) throw error;
    const on = topics.map((topic) => `"${topic}"`).join(", ");
    throw new Error(`expected an ACL that allows ${right} on topic ${on}, found none: Kafka says ${refusal}`, {
      cause: error,
    });
  }
}
