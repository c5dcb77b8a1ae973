import type { BranchStarted, InstanceEvent } from "@antiphon/protocol";
import type { Copies } from "./entries.ts";
import { forkOf } from "./ids.ts";
import { type ActiveInstance, type Branch, type Fork, MAIN } from "./instance.ts";
import { withIds, withSparse } from "./sparse.ts";

type Ended = Extract<InstanceEvent, { type: "BranchEnded" }>;
type ForkStarted = Extract<InstanceEvent, { type: "ForkStarted" }>;

/** Branches will begin, of which there are none yet. */
export function forkStarted(
  instance: ActiveInstance,
  { fork, total, items }: ForkStarted,
  copies: Copies,
): ActiveInstance {
  const begun: Fork = { total, ...(items && { items }), started: 0, completed: 0, outputs: {} };
  return { ...instance, forks: copies.with(instance.forks, fork, begun) };
}

/** All that count have completed. */
export function forkJoined(instance: ActiveInstance, fork: string, copies: Copies): ActiveInstance {
  return withSparse(instance, "forks", copies.without(instance.forks ?? {}, fork), copies);
}

export function branchStarted(
  instance: ActiveInstance,
  { branch, scope, variables }: BranchStarted,
  copies: Copies,
): ActiveInstance {
  const data = scope === "copy" ? { data: instance.data } : scope === "result" ? { data: null } : {};
  const begun: Branch = { scope, ...data, ...(variables && { variables }) };
  const after = { ...instance, branches: copies.with(instance.branches, branch, begun) };
  return withFork(after, forkOf(branch).fork, ({ started }) => ({ started: started + 1 }), copies);
}

/**
 * A branch is over: nothing of it is left but its output. The instance itself is on its way until it comes to rest again:
 * halfway to its end it must not look as if it rested.
 */
export function branchEnded(
  instance: ActiveInstance,
  { branch, outcome, output }: Ended,
  copies: Copies,
): ActiveInstance {
  const { fork, index } = forkOf(branch);
  const others = onItsWay(withIds(instance, (entries) => copies.withoutBranch(entries, branch), copies));
  const after = withSparse(others, "branches", copies.without(others.branches ?? {}, branch), copies);
  if (outcome !== "completed") return after;
  const more = ({ completed, outputs }: Fork) => ({
    completed: completed + 1,
    ...(output !== undefined && { outputs: copies.with(outputs, String(index), output) }),
  });
  return withFork(after, fork, more, copies);
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
  copies: Copies,
): ActiveInstance {
  if (branch === undefined) return { ...instance, data };
  return withBranch(instance, branch, { data }, copies);
}

/** An instance with something else in one of its branches. */
export function withBranch(
  instance: ActiveInstance,
  branch: string,
  more: Partial<Branch>,
  copies: Copies,
): ActiveInstance {
  const { branches = {} } = instance;
  const before = branches[branch];
  if (before === undefined) {
    const found = Object.keys(branches).slice(0, BRANCHES_SHOWN_MAX).join(", ") || "none";
    throw new Error(`expected branch ${branch} to be under way, found ${found}`);
  }
  return { ...instance, branches: copies.with(branches, branch, { ...before, ...more }) };
}

/** How many branches an error names at most. */
const BRANCHES_SHOWN_MAX = 10;

function withFork(
  instance: ActiveInstance,
  fork: string,
  more: (before: Fork) => Partial<Fork>,
  copies: Copies,
): ActiveInstance {
  const before = instance.forks?.[fork];
  if (before === undefined) return instance;
  return { ...instance, forks: copies.with(instance.forks, fork, { ...before, ...more(before) }) };
}
