import type { Json, JsonObject } from "@antiphon/protocol";
import { illegal } from "../errors/workflow-fault.ts";
import { forkOf } from "../instance/ids.ts";
import type { Fork } from "../instance/instance.ts";
import { closeBranch } from "./closing.ts";
import { ForkSlice } from "./fork-slice.ts";
import { firstOf, noting, runSteps } from "./run-steps.ts";
import { branchEnd, next, type Program, programOfBranch, rest, type Step } from "./step.ts";
import type { Visit } from "./visit.ts";

/** The most branches of one fork, and how many are under way at the same time of those that need no copy of the data. */
export const BRANCHES_MAX = 10_000;
export const BRANCHES_AT_ONCE_MAX = 100;

/** Parts of a state that run side by side, each by a program of its own. */
export interface Forking {
  /** Its place in the state. */
  readonly place: string;
  readonly scope: "shared" | "copy" | "result";
  /** How many branches there are, or what each is for. */
  begin(visit: Visit): { readonly total: number; readonly items?: readonly Json[] };
  /** What each does; one for all, or one for each. */
  readonly programs: readonly Program[];
  /** What expressions may name in a branch; absent: nothing more. */
  variables?(item: Json): JsonObject;
  /** How many run at once; absent: as many as may. */
  atOnce?(visit: Visit): number;
  /** How many must complete, the rest is given up; absent: all. */
  enough?(visit: Visit): number;
  /** Called when a branch begins and whenever it goes on; throws `WorkflowFault` if it must not. */
  check?(branch: Visit, index: number): void;
  /** What of a branch that has completed goes into the state's data. */
  join?(visit: Visit, branch: Visit): void;
  /** Called when all that count have completed, with what they came to, in their order. */
  finish?(visit: Visit, outputs: readonly Json[]): void;
}

/** Starts the branches of a fork, and rests until enough of them have completed. */
export function forkStep(forking: Forking): Step {
  return { name: forking.place, programs: forking.programs, run: (visit) => (goOn(visit, forking) ? next : rest) };
}

/**
 * Runs every branch that something has happened to as far as it goes, then begins others; true once enough have completed
 * and the rest is given up. Where that is more than one decision may do, it goes on in a further one.
 */
function goOn(visit: Visit, forking: Forking): boolean {
  const slice = sliceOf(visit, forking);
  if (!slice.goesOnLater && forking.scope === "copy" && !openAll(visit, forking, slice)) return false;
  const { total } = forkNow(visit, forking);
  const enough = Math.min(forking.enough?.(visit) ?? total, total);
  const atOnce = Math.min(forking.atOnce?.(visit) ?? BRANCHES_AT_ONCE_MAX, BRANCHES_AT_ONCE_MAX);
  for (const branch of branchesToRun(visit, forking, slice)) {
    if (forkNow(visit, forking).completed >= enough) break;
    if (slice.isOver && slice.goesOn) return slice.end(forkOf(branch).index);
    slice.count();
    run(visit.in(branch), visit, forking);
  }
  for (;;) {
    const { started, completed } = forkNow(visit, forking);
    const isThrough = started >= total && visit.instance.branches === undefined;
    if (completed >= enough || isThrough) return finish(visit, forking, slice);
    if (slice.goesOnLater) return false;
    if (started >= total || started - completed >= atOnce) return slice.endRun();
    if (slice.isOver) return slice.end(started);
    slice.count();
    run(open(visit, forking, started), visit, forking);
  }
}

function sliceOf(visit: Visit, forking: Forking): ForkSlice {
  const { place } = forking;
  if (visit.fork(place) !== undefined) return new ForkSlice(visit, place, visit.draft.areAllStirred);
  begin(visit, forking);
  return new ForkSlice(visit, place, true);
}

function begin(visit: Visit, forking: Forking): void {
  const begun = forking.begin(visit);
  if (begun.total > BRANCHES_MAX) {
    throw illegal("too-many-branches", `expected at most ${BRANCHES_MAX} in ${visit.where}, found ${begun.total}`);
  }
  visit.emit({ type: "ForkStarted", fork: visit.id(forking.place), ...begun });
}

/** Copies are of the data as it is before any branch has brought something: all begin before one runs. False: not all have. */
function openAll(visit: Visit, forking: Forking, slice: ForkSlice): boolean {
  const { started, total } = forkNow(visit, forking);
  for (let index = started; index < total; index++) {
    if (slice.isOver) return slice.end(0);
    slice.count();
    open(visit, forking, index);
  }
  return true;
}

function open(visit: Visit, { place, scope, variables }: Forking, index: number): Visit {
  const item = visit.fork(place)?.items?.[index];
  const named = item !== undefined && variables !== undefined ? { variables: variables(item) } : {};
  const name = `${visit.id(place)}[${index}]`;
  visit.emit({ type: "BranchStarted", branch: name, scope, ...named });
  return visit.in(name);
}

function run(branch: Visit, visit: Visit, forking: Forking): void {
  const { place, programs, scope, check, join } = forking;
  const name = branch.branch ?? "";
  const { index } = forkOf(name);
  const program = programOfBranch({ name: place, programs }, index);
  if (check !== undefined) noting(branch, branch.step ?? firstOf(program), () => check(branch, index));
  if (runSteps(branch, program, branch.step).kind !== "done") return;
  if (join !== undefined) noting(branch, branchEnd.name, () => join(visit, branch));
  const brought = scope === "result" ? (branch.instance.branches?.[name]?.data ?? null) : null;
  visit.draft.emit(...closeBranch(visit.draft, name));
  visit.emit({ type: "BranchEnded", branch: name, outcome: "completed", ...(brought !== null && { output: brought }) });
}

function finish(visit: Visit, forking: Forking, slice: ForkSlice): boolean {
  const fork = visit.id(forking.place);
  for (const branch of branchesOf(visit, forking)) {
    if (slice.isOver) return slice.end(0);
    slice.count();
    visit.draft.emit(...closeBranch(visit.draft, branch));
    visit.emit({ type: "BranchEnded", branch, outcome: "cancelled" });
  }
  slice.endRun();
  const { outputs } = forkNow(visit, forking);
  forking.finish?.(
    visit,
    Object.keys(outputs).map((index) => outputs[Number(index)] ?? null),
  );
  visit.emit({ type: "ForkJoined", fork });
  return true;
}

/** Branches under way to be run: those from a number on, and those that something has happened to. */
function branchesToRun(visit: Visit, forking: Forking, { goesOn, from }: ForkSlice): readonly string[] {
  const { draft, instance } = visit;
  if (goesOn) {
    return branchesOf(visit, forking).filter((branch) => forkOf(branch).index >= from || draft.isStirred(branch));
  }
  const { branches = {} } = instance;
  const fork = visit.id(forking.place);
  return [...draft.stirred]
    .filter((branch) => forkOf(branch).fork === fork && Object.hasOwn(branches, branch))
    .sort((a, b) => forkOf(a).index - forkOf(b).index);
}

/** The branches under way, in the order in which they began. */
function branchesOf(visit: Visit, { place }: Forking): readonly string[] {
  const fork = visit.id(place);
  return Object.keys(visit.instance.branches ?? {}).filter((branch) => forkOf(branch).fork === fork);
}

function forkNow(visit: Visit, { place }: Forking): Fork {
  const fork = visit.fork(place);
  if (fork === undefined) throw new Error(`expected fork ${visit.id(place)} to have begun`);
  return fork;
}
