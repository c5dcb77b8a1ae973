import { bucketDomain } from "@antiphon/correlator/bucket-domain";
import type { CallbackTokens } from "@antiphon/host";
import { instanceDomain } from "@antiphon/orchestrator/instance-domain";
import { knownDefinitions } from "../deployments.ts";

/** How long an orchestrator makes a callback URL good for. */
const CALLBACK_MS = 400 * 24 * 3_600_000;

/** The pure code that both services run, with all that is deployed. */
export function domainsWith(tokens: Pick<CallbackTokens, "issue">, publicUrl: string) {
  const instances = instanceDomain({
    definitions: knownDefinitions(),
    callbackUrl: (instance, wait, nowMs) =>
      `${publicUrl}/callbacks/${tokens.issue(instance, wait, nowMs + CALLBACK_MS)}`,
  });
  return { instances, buckets: bucketDomain };
}
