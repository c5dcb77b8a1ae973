import { LateError } from "./within.ts";

/** What a server that is up answers when it cannot serve for the moment. It has done nothing of what was asked. */
const REFUSALS = [
  "BUSY",
  "CLUSTERDOWN",
  "LOADING",
  "MASTERDOWN",
  "MISCONF",
  "NOREPLICAS",
  "OOM",
  "READONLY",
  "TRYAGAIN",
] as const;

/** The server refused for now. */
export function wasRefused(error: Error): boolean {
  return isReply(error) && REFUSALS.some((code) => error.message.startsWith(`${code} `));
}

/** The server does not know the script of a SHA: it was restarted, or its scripts were flushed. */
export function isScriptUnknown(error: unknown): boolean {
  return isReply(error) && error.message.startsWith("NOSCRIPT ");
}

/** The client had no connection to write to. ioredis has no type for this, only its words. */
export function wasNotSent(error: Error): boolean {
  return error.message.startsWith("Stream isn't writeable");
}

/** The call was sent, or may have been, and its answer did not come: whether it took effect is not known. */
export function wasLost(error: Error): boolean {
  if (isReply(error) || wasNotSent(error)) return false;
  return error instanceof LateError || error.name === "MaxRetriesPerRequestError" || LOSSES.test(error.message);
}

const LOSSES = /^(Connection is closed|Command aborted|Socket timeout|connect |read |write )/;

/** The server answered, with an error. */
export function isReply(error: unknown): error is Reply {
  return error instanceof Error && error.name === "ReplyError";
}

/** ioredis exports the class, but without a type. */
interface Reply extends Error {
  readonly name: "ReplyError";
}
