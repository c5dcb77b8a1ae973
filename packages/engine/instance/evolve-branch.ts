import type { BranchStarted, InstanceEvent } from "@antiphon/protocol";
import { without } from "./entries.ts";
import { type ActiveInstance, type Branch, type Fork, forkOf, MAIN } from "./instance.ts";
import { withIds, withSparse } from "./sparse.ts";

type Ended = Extract<InstanceEvent, { type: "BranchEnded" }>;
type ForkStarted = Extract<InstanceEvent, { type: "ForkStarted" }>;

/** Branches will begin, of which there are none yet. */
export function forkStarted(instance: ActiveInstance, { fork, total, items }: ForkStarted): ActiveInstance {
  const begun: Fork = { total, ...(items && { items }), started: 0, completed: 0, outputs: {} };
  return withSparse(instance, "forks", { ...instance.forks, [fork]: begun });
}

/** All that count have completed. */
export function forkJoined(instance: ActiveInstance, fork: string): ActiveInstance {
  return withSparse(instance, "forks", without(instance.forks ?? {}, fork));
}

export function branchStarted(instance: ActiveInstance, { branch, scope, variables }: BranchStarted): ActiveInstance {
  const data = scope === "copy" ? { data: instance.data } : scope === "result" ? { data: null } : {};
  const begun: Branch = { scope, ...data, ...(variables && { variables }) };
  const after = withSparse(instance, "branches", { ...instance.branches, [branch]: begun });
  return withFork(after, forkOf(branch).fork, ({ started }) => ({ started: started + 1 }));
}

/**
 * A branch is over: nothing of it is left but its output. The instance itself is on its way until it comes to rest again:
 * halfway to its end it must not look as if it rested.
 */
export function branchEnded(instance: ActiveInstance, { branch, outcome, output }: Ended): ActiveInstance {
  const { fork, index } = forkOf(branch);
  const others = onItsWay(withIds(instance, (id) => !id.startsWith(`${branch}.`)));
  const after = withSparse(others, "branches", without(others.branches ?? {}, branch));
  if (outcome !== "completed") return after;
  return withFork(after, fork, ({ completed, outputs }) => ({
    completed: completed + 1,
    ...(output !== undefined && { outputs: { ...outputs, [index]: output } }),
  }));
}

function onItsWay(instance: ActiveInstance): ActiveInstance {
  const { [MAIN]: token, ...others } = instance.tokens;
  if (token?.step === undefined) return instance;
  const { step: _, ...moving } = token;
  return { ...instance, tokens: { ...others, [MAIN]: moving } };
}

/** A branch has data of its own, or works on the instance's. */
export function dataChanged(
  instance: ActiveInstance,
  { data, branch }: Extract<InstanceEvent, { type: "DataChanged" }>,
): ActiveInstance {
  if (branch === undefined) return { ...instance, data };
  return withBranch(instance, branch, { data });
}

/** An instance with something else in one of its branches. */
export function withBranch(instance: ActiveInstance, branch: string, more: Partial<Branch>): ActiveInstance {
  const { branches = {} } = instance;
  const before = branches[branch];
  if (before === undefined) {
    const found = Object.keys(branches).join(", ") || "none";
    throw new Error(`expected branch ${branch} to be under way, found ${found}`);
  }
  return { ...instance, branches: { ...branches, [branch]: { ...before, ...more } } };
}

function withFork(instance: ActiveInstance, fork: string, more: (before: Fork) => Partial<Fork>): ActiveInstance {
  const before = instance.forks?.[fork];
  if (before === undefined) return instance;
  return { ...instance, forks: { ...instance.forks, [fork]: { ...before, ...more(before) } } };
}
