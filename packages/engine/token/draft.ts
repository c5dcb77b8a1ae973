import {
  bytesWithin,
  type CloudEvent,
  equalJson,
  type InstanceEvent,
  type Json,
  type ReplyTo,
  type Slice,
  type WorkflowError,
} from "@antiphon/protocol";
import { FACT_DEPTH_MAX } from "../data/depth.ts";
import type { Environment } from "../environment.ts";
import { illegal } from "../errors/workflow-fault.ts";
import type { Entries } from "../instance/entries.ts";
import { evolve } from "../instance/evolve.ts";
import { Folding } from "../instance/folding.ts";
import { branchNamedIn } from "../instance/ids.ts";
import type { ActiveInstance, Instance } from "../instance/instance.ts";
import { Budget, DECISION_LIMIT } from "../language/budget.ts";
import type { Workflow } from "../workflow.ts";
import type { Visit } from "./visit.ts";

/** A place in a decision in the making, to go back to. */
export interface Mark {
  readonly instance: Instance;
  readonly facts: number;
  readonly bytes: number;
}

/** A decision in the making: the facts so far, and the instance as they leave it. */
export class Draft {
  readonly workflow: Workflow;
  readonly env: Environment;
  readonly budget: Budget;
  /** Who is to be answered when the instance rests, beside those that it has promised an answer; undefined: nobody. */
  readonly asker: ReplyTo | undefined;
  readonly events: InstanceEvent[] = [];
  /** The steps that an error has come through and that nobody has caught yet, the innermost first. */
  readonly failed: { readonly visit: Visit; readonly step: string }[] = [];
  /** The place of the fact that says which headers are passed on; undefined: none has said so. */
  headersSaidAt: number | undefined;
  /** The visit at which the run began that is being decided, and the bytes of its facts in earlier decisions. */
  run: Pick<Slice, "since" | "bytes"> = { since: 0, bytes: 0 };
  #instance: Instance;
  #folding = new Folding();
  /** The branches that a fact of this decision is about; every one once an instance goes on that had failed. */
  readonly #stirred = new Set<string>();
  #areAllStirred = false;
  readonly #values = new Map<
    string,
    { readonly event: CloudEvent; readonly values: Readonly<Record<string, string>> }
  >();

  constructor(workflow: Workflow, instance: Instance, env: Environment, asker?: ReplyTo) {
    this.workflow = workflow;
    this.env = env;
    this.budget = new Budget(env.clock, env.sliceSteps);
    this.asker = asker;
    this.#instance = instance;
  }

  /** Throws `WorkflowFault` if what a fact carries is nested too deeply to be read back, or the decision uses too much. */
  emit(...facts: readonly InstanceEvent[]): void {
    for (const fact of facts) {
      // What came in as deep as it may be finds its place in data, which is a few levels deeper.
      const bytes = bytesWithin(fact as unknown as Json, FACT_DEPTH_MAX);
      if (bytes === undefined) {
        throw illegal("too-deep", `expected data nested at most ${FACT_DEPTH_MAX - 1} levels deep, found more`);
      }
      this.budget.spend(bytes);
      this.#instance = evolve(this.#instance, fact, this.env.nowMs, this.#folding);
      this.events.push(fact);
      this.#stir(fact);
    }
  }

  /** Sets the data of the instance, or of a branch; no fact if that changes nothing. */
  change(data: Json, branch?: string): void {
    const { active } = this;
    if (branch === undefined) {
      if (!equalJson(data, active.data)) this.emit({ type: "DataChanged", data });
    } else {
      const before = active.branches?.[branch]?.data;
      if (before === undefined || !equalJson(data, before)) this.emit({ type: "DataChanged", data, branch });
    }
  }

  /** The error that the instance fails with, for a reason; from here on it may use what it needs to fail. */
  failure(reason: WorkflowError): WorkflowError {
    const { spent } = this.budget;
    this.budget.lift();
    return spent === undefined ? reason : { ...reason, code: DECISION_LIMIT, message: spent };
  }

  /** Where the decision has come to. */
  mark(): Mark {
    // The instance as it is now may be needed again: from here on it is copied once more before it changes.
    this.#folding = new Folding();
    return { instance: this.#instance, facts: this.events.length, bytes: this.budget.bytes };
  }

  /** Takes back the facts since then, as if they had not been. */
  backTo({ instance, facts, bytes }: Mark): void {
    this.#instance = instance;
    this.events.length = facts;
    this.budget.backTo(bytes);
  }

  /**
   * The correlation values that an event brings, by the definition of events of this name. Thousands of waits may ask for
   * those of one event: they are read once.
   */
  valuesIn(name: string, event: CloudEvent): Readonly<Record<string, string>> {
    const known = this.#values.get(name);
    if (known?.event === event) return known.values;
    const values = this.workflow.correlation.get(name)?.(event) ?? {};
    this.#values.set(name, { event, values });
    this.budget.allowance.use(STEPS_OF_VALUES);
    this.budget.check();
    return values;
  }

  /** The ids of what belongs to a branch, in one of the instance's records. */
  idsIn(entries: Entries<unknown>, branch: string): readonly string[] {
    return this.#folding.copies.idsIn(entries, branch);
  }

  /** Whether an instance goes on that had failed: whatever rests may have something to go on by. */
  get areAllStirred(): boolean {
    return this.#areAllStirred;
  }

  /** The branches that a fact of this decision is about. */
  get stirred(): Iterable<string> {
    return this.#stirred;
  }

  /**
   * Whether a branch that rests may have something to go on by: a step looks at what its own action, wait or timer has
   * come to, so it rests as it did unless this decision has a fact about its branch.
   */
  isStirred(branch: string): boolean {
    return this.#areAllStirred || this.#stirred.has(branch);
  }

  #stir(fact: InstanceEvent): void {
    if (fact.type === "InstanceRetriggered") this.#areAllStirred = true;
    const branch = branchIn(fact);
    if (branch !== undefined) this.#stirred.add(branch);
  }

  get instance(): Instance {
    return this.#instance;
  }

  get isActive(): boolean {
    return this.#instance.status === "active";
  }

  get active(): ActiveInstance {
    if (this.#instance.status === "active") return this.#instance;
    throw new Error(`expected an active instance, found one that is ${this.#instance.status}`);
  }
}

/** What reading the correlation values of an event costs at least; each has a limit of its own. */
const STEPS_OF_VALUES = 100;

/** The branch that a fact is about; undefined: it is about none. */
function branchIn(fact: InstanceEvent): string | undefined {
  if ("branch" in fact) return fact.branch;
  if ("action" in fact) return branchNamedIn(fact.action);
  if ("timer" in fact) return branchNamedIn(fact.timer);
  return "wait" in fact && fact.wait !== undefined ? branchNamedIn(fact.wait) : undefined;
}
