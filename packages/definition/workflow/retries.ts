import type { Members } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { describe, numberOf, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import { durationMs } from "../duration.ts";
import type { Retry, RetryStrategy } from "../model.ts";
import { readCount, readDuration } from "./expressions.ts";
import type { Scope } from "./scope.ts";
import { lookUp, lookUpAll } from "./scope.ts";

/** How actions are tried again that are to be, and do not say how: after about 1, 2 and 4 seconds. */
export const USUAL_RETRIES: RetryStrategy = {
  name: "usual",
  delay: "PT1S",
  multiplier: 2,
  maxAttempts: 3,
  jitter: 0.2,
};

/** Reads one of `retries`. */
export function readRetryStrategy(members: Members): RetryStrategy {
  members.require("maxAttempts", "how many attempts there are after the first");
  return {
    name: members.text("name", "the name of the retries"),
    ...present({
      delay: readDuration(members, "delay"),
      maxDelay: readDuration(members, "maxDelay"),
      increment: readDuration(members, "increment"),
      multiplier: members.number("multiplier", "a number above 0", (factor) => factor > 0),
    }),
    maxAttempts: readCount(members, "maxAttempts", 0) ?? 0,
    ...present({ jitter: readJitter(members) }),
  };
}

/** Reads which failures of an action are tried again, and how; undefined: none. */
export function readRetry(members: Members, scope: Scope): Retry | undefined {
  const { reading, errors, retries, autoRetries } = scope;
  const named = members.get("retryRef");
  const strategy = lookUp(named, "retries", retries, reading);
  const retryable = lookUpAll(members.texts("retryableErrors", "the name of an error"), "an error", errors, reading);
  const nonRetryable = lookUpAll(
    members.texts("nonRetryableErrors", "the name of an error"),
    "an error",
    errors,
    reading,
  );
  if (!autoRetries && named === undefined && retryable.length === 0) return undefined;
  return {
    strategy: strategy ?? USUAL_RETRIES,
    ...(retryable.length === 0 ? {} : { retryable }),
    nonRetryable,
  };
}

function readJitter(members: Members): number | string | undefined {
  const node = members.get("jitter");
  const part = numberOf(node);
  if (node === undefined || (part !== undefined && part >= 0 && part <= 1)) return part;
  return jitterFrom(node, members);
}

function jitterFrom(node: Node, members: Members): string | undefined {
  const text = textOf(node);
  if (text !== undefined && durationMs(text) !== undefined && numberOf(node) === undefined) return text;
  members.report(node, "a part from 0 to 1, or a duration", describe(node));
  return undefined;
}
