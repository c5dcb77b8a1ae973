import { describe } from "node:test";
import { testCommits } from "./commits.ts";
import { testDisturbances } from "./disturbances.ts";
import type { OpenHarness } from "./harness.ts";
import { testLostAnswers } from "./lost-answers.ts";
import { testScans } from "./scans.ts";

/**
 * Registers the tests that every store must pass. `open` gives an empty store each time; `skip` says why none can run.
 *
 * Not asserted: how long anything takes, nor after what time an adapter gives up; that a commit survives a power cut
 * or a failover (a store may go back or lose everything); the order among concurrent commits of different spaces; what
 * a commit does with a position that is not a whole number from 0 to 2^53 - 1, or a scan with a negative limit; lone
 * surrogates, which UTF-8 does not have; values of more than 1 MB.
 */
export function storeContract(name: string, open: OpenHarness, { skip }: { readonly skip?: string } = {}): void {
  describe(`${name}, by the store's contract`, { skip: skip ?? false }, () => {
    testCommits(open);
    testScans(open);
    testLostAnswers(open);
    testDisturbances(open);
  });
}
