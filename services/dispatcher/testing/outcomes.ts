import type { FunctionDefinition } from "@antiphon/definition";
import type { ActionOutcome, WorkflowError } from "@antiphon/protocol";
import { type Answer, startService } from "./service.ts";
import { definitionOf, requested, World } from "./world.ts";

export const JSON_TYPE = { "content-type": "application/json" };

/** A function `call` that posts to a URL. */
export function postTo(url: string, method = "POST"): FunctionDefinition {
  return { kind: "http", name: "call", method, url, metadata: {} };
}

/** What comes of one request to a service that answers like this, without how long its body is. */
export async function outcomeOf(
  answer: Answer | "hang up",
  { method = "POST" }: { readonly method?: string } = {},
): Promise<ActionOutcome | undefined> {
  // Without it node adds how long its body is or how it is cut.
  const length = answer === "hang up" ? {} : { "content-length": String(Buffer.byteLength(answer.body ?? "")) };
  await using service = await startService(() =>
    answer === "hang up" ? answer : { ...answer, headers: { ...answer.headers, ...length } },
  );
  return withoutLength(await resultOf(postTo(service.url, method)));
}

/** What comes of one call of a function without arguments. */
export async function resultOf(called: FunctionDefinition): Promise<ActionOutcome | undefined> {
  const world = await new World(definitionOf({ call: called })).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call"));
  const { "i-1:1.a": outcome } = await world.resultsOf(1);
  return outcome;
}

function withoutLength(outcome: ActionOutcome | undefined): ActionOutcome | undefined {
  if (outcome?.status !== "completed" || outcome.http === undefined) return outcome;
  const { "content-length": _, ...headers } = outcome.http.headers;
  return { ...outcome, http: { ...outcome.http, headers } };
}

/** The failure without the address in its message, which differs each time. */
export function failure(outcome: ActionOutcome | undefined): WorkflowError {
  if (outcome?.status !== "failed") throw new Error(`expected a failure, found ${JSON.stringify(outcome)}`);
  return { ...outcome.error, message: outcome.error.message.replace(/127\.0\.0\.1:\d+/g, "HOST") };
}
