import { equalJson, type InstanceEvent, type Json, type ReplyTo } from "@antiphon/protocol";
import { DATA_DEPTH_MAX, isDeeper } from "../data/depth.ts";
import type { Environment } from "../environment.ts";
import { illegal } from "../errors/workflow-fault.ts";
import { evolve } from "../instance/evolve.ts";
import type { ActiveInstance, Instance } from "../instance/instance.ts";
import type { Workflow } from "../workflow.ts";
import type { Visit } from "./visit.ts";

/** A place in a decision in the making, to go back to. */
export interface Mark {
  readonly instance: Instance;
  readonly facts: number;
}

/** A decision in the making: the facts so far, and the instance as they leave it. */
export class Draft {
  readonly workflow: Workflow;
  readonly env: Environment;
  /** Who is to be answered when the instance rests, beside those that it has promised an answer; undefined: nobody. */
  readonly asker: ReplyTo | undefined;
  readonly events: InstanceEvent[] = [];
  /** The steps that an error has come through and that nobody has caught yet, the innermost first. */
  readonly failed: { readonly visit: Visit; readonly step: string }[] = [];
  #instance: Instance;

  constructor(workflow: Workflow, instance: Instance, env: Environment, asker?: ReplyTo) {
    this.workflow = workflow;
    this.env = env;
    this.asker = asker;
    this.#instance = instance;
  }

  /** Throws `WorkflowFault` if what a fact carries is nested too deeply to be read back. */
  emit(...facts: readonly InstanceEvent[]): void {
    for (const fact of facts) {
      if (isDeeper(fact as unknown as Json, FACT_DEPTH_MAX)) {
        throw illegal("too-deep", `expected data nested at most ${DATA_DEPTH_MAX} levels deep, found more`);
      }
      this.#instance = evolve(this.#instance, fact, this.env.nowMs);
      this.events.push(fact);
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

  /** Where the decision has come to. */
  get mark(): Mark {
    return { instance: this.#instance, facts: this.events.length };
  }

  /** Takes back the facts since then, as if they had not been. */
  backTo({ instance, facts }: Mark): void {
    this.#instance = instance;
    this.events.length = facts;
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

/** An event that was delivered stands in some facts a few levels deeper than in its order. */
const FACT_DEPTH_MAX = DATA_DEPTH_MAX + 10;
