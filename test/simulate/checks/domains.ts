import { bucketDomain } from "@antiphon/correlator/bucket-domain";
import { instanceDomain } from "@antiphon/orchestrator/instance-domain";
import { knownDefinitions, SLICE_STEPS } from "../deployments.ts";
import { PUBLIC_URL, TOKENS } from "../tokens.ts";

/** How long an orchestrator makes a callback URL good for. */
const CALLBACK_MS = 400 * 24 * 3_600_000;

/** The pure code that an orchestrator and a correlator run, with all that is deployed. */
export const DOMAINS = {
  instances: instanceDomain({
    definitions: knownDefinitions(),
    sliceSteps: SLICE_STEPS,
    callbackUrl: (instance, wait, nowMs) =>
      `${PUBLIC_URL}/callbacks/${TOKENS.issue(instance, wait, nowMs + CALLBACK_MS)}`,
  }),
  buckets: bucketDomain,
};
