import type { ParallelState } from "@antiphon/definition";
import { actionSteps } from "../actions/action-steps.ts";
import { merge } from "../data/merge.ts";
import { timedOut } from "../errors/workflow-fault.ts";
import { TIMEOUT } from "../instance/summary.ts";
import type { Language } from "../language/language.ts";
import { forkStep } from "../token/fork.ts";
import { branchEnd, leaveBy, programOf } from "../token/step.ts";
import { startTimer } from "../token/timer.ts";
import type { Visit } from "../token/visit.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/**
 * Runs its branches side by side, each on a copy of the data, which is merged back when the branch completes. Once as
 * many have completed as must, the others are given up.
 */
export const parallel: Kind<ParallelState> = {
  steps(language, state) {
    const { branches, atLeast } = state;
    const programs = branches.map(({ actions }) =>
      programOf([...actions.flatMap((action) => actionSteps(language, action)), branchEnd]),
    );
    const limits = branches.map(({ name, timeout }) => limitOf(language, name, timeout));
    const what = `state ${JSON.stringify(state.name)}, `;
    const count = atLeast === undefined ? undefined : language.count(atLeast, `${what}numCompleted`);
    const fork = forkStep({
      place: "branch",
      scope: "copy",
      begin: () => ({ total: branches.length }),
      programs,
      check: (branch, index) => limits[index]?.(branch),
      ...(count && { enough: (visit) => visit.evaluate(count) }),
      join: (visit, branch) => visit.change(merge(branch.data, visit.data)),
    });
    return [fork, leaveBy(compileWay(language, state.next))];
  },
};

/** How long a branch may take in all (`branchExecTimeout`); undefined: as long as it wants. */
function limitOf(language: Language, name: string, timeout: string | undefined) {
  if (timeout === undefined) return undefined;
  const what = `branch ${JSON.stringify(name)}`;
  const moment = language.moment(timeout, `${what}, branchExecTimeout`);
  return (branch: Visit): void => {
    const timer = branch.timer(TIMEOUT);
    if (timer === undefined) startTimer(branch, TIMEOUT, moment);
    if (!timer?.fired) return;
    branch.forgetTimer(TIMEOUT);
    throw timedOut(`${what} did not end in time`, `${branch.where}, ${what}`);
  };
}
