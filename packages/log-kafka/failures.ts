import { createRequire } from "node:module";
import kafkajs from "kafkajs";

/** kafkajs's errors. Node cannot see them among a CommonJS module's names. */
export const {
  KafkaJSAggregateError,
  KafkaJSConnectionError,
  KafkaJSError,
  KafkaJSOffsetOutOfRange,
  KafkaJSProtocolError,
} = kafkajs;

const { createErrorFromCode } = createRequire(import.meta.url)("kafkajs/src/protocol/error.js") as {
  readonly createErrorFromCode: (code: number) => Error;
};

/** Kafka's code of what went well. */
export const NO_ERROR = 0;

/** The error that a code in an answer stands for. */
export function refusal(code: number): Error {
  return createErrorFromCode(code);
}

/** A request that carried several things failed: of each of them it is not known what became of it. */
export class SharedRequestError extends Error {
  override readonly name = "SharedRequestError";
}

/** What kafkajs takes for final although it passes: a group whose coordinator is being elected, a slow connection. */
const PASSING = new Set(["KafkaJSGroupCoordinatorNotFound", "KafkaJSLockTimeout"]);

/** Whether trying again may help: brokers that cannot be reached, elections, a connection that broke. */
export function isPassing(error: unknown): boolean {
  if (error instanceof SharedRequestError) return true;
  if (!(error instanceof KafkaJSError)) return false;
  return error.retriable || PASSING.has(error.name) || (error.cause !== undefined && isPassing(error.cause));
}

/** Kafka's name of a refusal, or undefined if this is none. */
export function refusalOf(error: unknown): string | undefined {
  if (error instanceof KafkaJSProtocolError) return error.type;
  return error instanceof KafkaJSError && error.cause !== undefined ? refusalOf(error.cause) : undefined;
}
